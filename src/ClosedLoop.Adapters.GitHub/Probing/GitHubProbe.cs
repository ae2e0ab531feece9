using System.Collections.Concurrent;

namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>
/// Reads pull requests, commits and lines, a hundred in one GraphQL query, and finds changed ones with one query of where the lines of all
/// repositories stand; where more changed than fit into that, with the repository's list, conditionally.
/// </summary>
/// <remarks>Safe from several threads; keeps only the last list of each repository and the last head of each line in memory.</remarks>
internal sealed class GitHubProbe(GitHubSettings settings, GitHubClient client) : IProbe
{
    private readonly ConcurrentDictionary<string, SweepMemory> _lists = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, HookMemory> _hooks = new(StringComparer.Ordinal);
    private readonly HeadMemory _heads = new();
    private readonly ChunkMemory _chunks = new();

    public async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken) =>
        await new ProbeRun(settings, client, _lists, _heads, _chunks, _hooks, batch.Allowance).ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
}
