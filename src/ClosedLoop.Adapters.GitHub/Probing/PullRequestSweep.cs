using System.Collections.Concurrent;
using System.Text.Json;

namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>Finds the pull requests that changed since an instant, with one conditional request where nothing did. Not safe for use by several threads.</summary>
internal sealed class PullRequestSweep(ProbeSession session, ConcurrentDictionary<string, SweepMemory> memory)
{
    public async Task<IReadOnlyList<(long Number, DateTimeOffset At)>> FindAsync(string repository, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var settings = session.Settings;
        // GitHub's times have whole seconds.
        since = DateTimeOffset.FromUnixTimeSeconds(since.ToUnixTimeSeconds());
        var known = memory.GetValueOrDefault(repository) is { } last && last.CoveredSince <= since ? last : null;
        var updated = new List<(long Number, DateTimeOffset UpdatedAt)>();
        Uri? address = new(settings.BaseAddress, $"repos/{repository}/pulls?state=all&sort=updated&direction=desc&per_page=100");
        string? etag = null;
        bool covered = false;
        for (int page = 0; address is not null && !covered; page++)
        {
            if (page >= settings.MaxSweepPages)
            {
                session.Harvest.Diagnostics.Add($"{repository}: more than {settings.MaxSweepPages * 100} pull requests changed since {since:u}; older ones were not read (GitHub:MaxSweepPages)");
                break;
            }
            using var reply = await session.GetAsync(address, page == 0 ? known?.ETag : null, cancellationToken).ConfigureAwait(false);
            if (reply.Kind == ReplyKind.NotModified && known is not null) return Changed(known.Updated, since);
            if (reply.Kind == ReplyKind.NotFound)
            {
                session.BlindFor(repository, "404");
                return [];
            }
            if (session.Failed(reply)) break;
            if (reply.Document!.RootElement.ValueKind != JsonValueKind.Array)
            {
                session.Blind($"GitHub's list of pull requests of {repository} is not a list; check GitHub:BaseAddress");
                break;
            }
            if (page == 0) etag = reply.ETag;
            foreach (var pull in reply.Document.RootElement.EnumerateArray())
            {
                if (pull.Long("number") is not { } number || number is <= 0 or > int.MaxValue || pull.Time("updated_at") is not { } at) continue;
                if (at < since) covered = true;
                else updated.Add((number, at));
            }
            address = reply.Next;
            covered |= address is null;
        }
        if (covered && etag is not null) memory[repository] = new SweepMemory(etag, since, updated);
        else memory.TryRemove(repository, out _);
        return Changed(updated, since);
    }

    private static List<(long Number, DateTimeOffset At)> Changed(IReadOnlyList<(long Number, DateTimeOffset UpdatedAt)> updated, DateTimeOffset since) =>
        [.. updated.Where(u => u.UpdatedAt >= since).DistinctBy(static u => u.Number)];
}
