using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>
/// Finds whom a change of a level series concerns: what is contained by one of the neighbouring entries and not by the other. A rollback
/// from b to a concerns exactly what lies between a and b.
/// </summary>
internal sealed class LevelStage(LineIndex index, LineMap map, Func<string, bool> isHealth, Func<string, bool> isRollout, bool soaks)
{
    // A series with more entries than this since its last good one is looked at as far as this.
    private const int MaxWalk = 1_000;

    public List<AffectedRange> Affected { get; } = [];

    /// <summary>One entry came, changed, or is about to go; called with the index in the state that shows it.</summary>
    public async ValueTask ConcernAsync(string repository, string series, string ordinal, string register)
    {
        string prefix = LineKeys.Entries(repository, series);
        string key = $"{prefix}{ordinal}\t{register}";
        var self = await index.FindAsync(key).ConfigureAwait(false) is { } value ? LevelEntry.Read(prefix, new IndexEntry(key, value)) : null;
        if (self is null) return;
        if (isHealth(KindOf(series))) await ConcernHealthAsync(repository, series, self).ConfigureAwait(false);
        else await ConcernRolloutAsync(repository, series, self).ConfigureAwait(false);
    }

    /// <summary>A version was marked bad or released: whoever was or is judged by an entry that runs it.</summary>
    public async ValueTask ConcernVetoAsync(CommitId commit)
    {
        foreach (var row in await index.ScanAsync(LineKeys.Under($"g\t{commit.Repository}\t{commit.Sha}\t")).ConfigureAwait(false))
        {
            string[] parts = row.Key.Split('\t');
            string series = string.Join('\t', parts[3..7]);
            if (isRollout(KindOf(series)))
                await ConcernAsync(commit.Repository, series, EvidenceRow.Read("", row.Value).Ordinal, string.Join('\t', parts[7..])).ConfigureAwait(false);
        }
    }

    /// <summary>A line's head moved: what is contained by one of the two heads and not by the other.</summary>
    public async ValueTask ConcernHeadAsync(string repository, IReadOnlyCollection<string> heads, string? branch = null) =>
        await BetweenAsync(repository, heads, fromStart: heads.Count < 2, branch).ConfigureAwait(false);

    /// <summary>Chains got more past: whoever is judged by an entry that runs a commit of them.</summary>
    public async ValueTask ConcernChainsAsync(string repository, ISet<int> chains)
    {
        foreach (var row in await index.ScanAsync(LineKeys.Under($"q\t{repository}\t")).ConfigureAwait(false))
        {
            string series = row.Key[(repository.Length + 3)..];
            if (!isHealth(KindOf(series)) && !isRollout(KindOf(series))) continue;
            var history = new LevelHistory(index, repository, series);
            var commits = new HashSet<string>(StringComparer.Ordinal);
            bool hasBase = false;
            for (int i = 0; i < MaxWalk && !hasBase && await history.GetAsync(i).ConfigureAwait(false) is { } entry; i++)
            {
                commits.UnionWith(entry.Commits);
                await map.LoadAsync(repository, entry.Commits).ConfigureAwait(false);
                hasBase = entry.SaysWhatRuns && entry.Commits.All(sha => map.Find(repository, sha) is { } point && !chains.Contains(point.Chain));
            }
            await BetweenAsync(repository, commits, fromStart: !hasBase).ConfigureAwait(false);
        }
    }

    private async ValueTask ConcernRolloutAsync(string repository, string series, LevelEntry self)
    {
        if (await ComesOrGoesAsync(repository, series, self).ConfigureAwait(false))
        {
            await ConcernAllAsync(repository).ConfigureAwait(false);
            return;
        }
        var commits = new HashSet<string>(self.Commits, StringComparer.Ordinal);
        bool hasBefore = await WalkAsync(repository, series, self, descending: true, commits, IsBase).ConfigureAwait(false);
        await WalkAsync(repository, series, self, descending: false, commits, IsBase).ConfigureAwait(false);
        await BetweenAsync(repository, commits, fromStart: !hasBefore).ConfigureAwait(false);

        async ValueTask<bool> IsBase(LevelEntry entry)
        {
            if (!entry.SaysWhatRuns || entry.Status == GateStatus.NotApplicable) return false;
            foreach (string sha in entry.Commits)
                if (await Vetoes.IsVetoedAsync(index, new CommitId(repository, sha)).ConfigureAwait(false))
                    return false;
            return true;
        }
    }

    // A target that comes or goes is one more or one less that every change has to be at, also those that never were.
    private async ValueTask<bool> ComesOrGoesAsync(string repository, string series, LevelEntry self)
    {
        if (self.Status == GateStatus.NotApplicable) return true;
        LevelEntry? before = null;
        await WalkAsync(repository, series, self, descending: true, [], entry =>
        {
            before = entry;
            return ValueTask.FromResult(entry.SaysWhatRuns);
        }).ConfigureAwait(false);
        if (before is not null) return before.Status == GateStatus.NotApplicable;
        return !await WalkAsync(repository, series, self, descending: false, [], static _ => ValueTask.FromResult(true)).ConfigureAwait(false);
    }

    private async ValueTask ConcernAllAsync(string repository)
    {
        foreach (var chain in (await map.GraphAsync(repository).ConfigureAwait(false)).Chains) Affected.Add(new AffectedRange(repository, chain.Id, long.MinValue, long.MaxValue));
    }

    // Health counts for what went live since the last time that everything was verified.
    private async ValueTask ConcernHealthAsync(string repository, string series, LevelEntry self)
    {
        if (await ComesOrGoesAsync(repository, series, self).ConfigureAwait(false))
        {
            await ConcernAllAsync(repository).ConfigureAwait(false);
            return;
        }
        var commits = new HashSet<string>(self.Commits, StringComparer.Ordinal);
        int passes = 0;
        LevelEntry? last = null;
        // A check that was taken back verified nobody in the end.
        var revoked = new HashSet<string>(StringComparer.Ordinal);
        if (self is { Status: GateStatus.Failed, Reason: Reason.Regressed }) revoked.Add(string.Join(',', self.Commits));
        bool hasBefore = await WalkAsync(repository, series, self, descending: true, commits, entry =>
        {
            last = entry;
            if (entry is { Status: GateStatus.Failed, Reason: Reason.Regressed }) revoked.Add(string.Join(',', entry.Commits));
            return ValueTask.FromResult(entry.Status == GateStatus.Passed && !revoked.Contains(string.Join(',', entry.Commits)) && ++passes >= (soaks ? 2 : 1));
        }).ConfigureAwait(false);
        string[] parts = series.Split('\t');
        foreach (var row in await index.ScanAsync(LineKeys.Under($"q\t{repository}\t")).ConfigureAwait(false))
        {
            string name = row.Key[(repository.Length + 3)..];
            string[] other = name.Split('\t');
            if (!isRollout(other[0]) || other[2] != parts[2] || other[3] != parts[3]) continue;
            var rollouts = new LevelHistory(index, repository, name);
            for (int i = 0; i < MaxWalk && await rollouts.GetAsync(i).ConfigureAwait(false) is { } rollout; i++)
            {
                if (rollout.SaysWhatRuns && rollout.At <= self.At) commits.UnionWith(rollout.Commits);
                if (last is not null && rollout.At < last.At) break;
            }
        }
        await BetweenAsync(repository, commits, fromStart: !hasBefore).ConfigureAwait(false);
    }

    private async ValueTask<bool> WalkAsync(string repository, string series, LevelEntry self, bool descending, HashSet<string> commits, Func<LevelEntry, ValueTask<bool>> isEnd)
    {
        string prefix = LineKeys.Entries(repository, series);
        string key = $"{prefix}{self.Ordinal}\t{self.Register}";
        for (int walked = 0; walked < MaxWalk;)
        {
            var range = descending ? new IndexRange(prefix, key, 16, Descending: true) : new IndexRange($"{key}\t", $"{prefix[..^1]}\n", 16);
            var rows = await index.ScanAsync(range).ConfigureAwait(false);
            foreach (var row in rows)
            {
                walked++;
                key = row.Key;
                var entry = LevelEntry.Read(prefix, row);
                commits.UnionWith(entry.Commits);
                if (await isEnd(entry).ConfigureAwait(false)) return true;
            }
            if (rows.Count < 16) return false;
        }
        return false;
    }

    private async ValueTask BetweenAsync(string repository, IReadOnlyCollection<string> commits, bool fromStart, string? branch = null)
    {
        await map.LoadAsync(repository, commits).ConfigureAwait(false);
        var graph = await map.GraphAsync(repository).ConfigureAwait(false);
        var points = commits.Select(sha => map.Find(repository, sha)).OfType<ChainPoint>().Distinct().ToList();
        var reaches = points.ConvertAll(graph.Reach);
        foreach (int chain in reaches.SelectMany(static r => r.Keys).Distinct())
        {
            long low = fromStart ? long.MinValue : reaches.Min(r => r.TryGetValue(chain, out long last) ? last : long.MinValue);
            long high = reaches.Max(r => r.TryGetValue(chain, out long last) ? last : long.MinValue);
            if (low < high) Affected.Add(new AffectedRange(repository, chain, low == long.MinValue ? low : low + 1, high, default, branch));
        }
    }

    private static string KindOf(string series) => series[..series.IndexOf('\t', StringComparison.Ordinal)];
}
