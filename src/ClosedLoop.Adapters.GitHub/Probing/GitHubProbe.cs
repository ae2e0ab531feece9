namespace ClosedLoop.Adapters.GitHub.Probing;
internal sealed class GitHubProbe(GitHubSettings settings, GitHubClient client) : IProbe
{
    public ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken) { _ = settings; _ = client; return new(ProbeResult.Reached([])); }
}
