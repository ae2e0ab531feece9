using System.Collections.Concurrent;

namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>
/// Reads pull requests, commits and lines: fifty in one GraphQL query, and finds changed ones with one query of where the lines stand and one
/// conditional request for each repository.
/// </summary>
/// <remarks>Safe from several threads; keeps only the last list of each repository and the last head of each line in memory.</remarks>
internal sealed class GitHubProbe(GitHubSettings settings, GitHubClient client) : IProbe
{
    private readonly ConcurrentDictionary<string, SweepMemory> _lists = new(StringComparer.Ordinal);
    private readonly HeadMemory _heads = new();

    public async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken) =>
        await new ProbeRun(settings, client, _lists, _heads).ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
}
