using System.Collections.Concurrent;

namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>Reads pull requests and commits: fifty in one GraphQL query, and finds changed ones with one conditional request for each repository.</summary>
/// <remarks>Safe from several threads; keeps only the last list of each repository in memory.</remarks>
internal sealed class GitHubProbe(GitHubSettings settings, GitHubClient client) : IProbe
{
    private readonly ConcurrentDictionary<string, SweepMemory> _memory = new(StringComparer.Ordinal);

    public async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        var run = new ProbeRun(settings, client, _memory);
        await run.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
        return run.Result();
    }
}
