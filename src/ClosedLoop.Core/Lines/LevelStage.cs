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

    /// <summary>The repositories of which a target came or went: that concerns every change, wherever it landed.</summary>
    public HashSet<string> Turned { get; } = new(StringComparer.Ordinal);

    /// <summary>What ran by the entries that came or went, and by their neighbours.</summary>
    public HashSet<CommitId> Ran { get; } = [];

    /// <summary>One entry came, changed, or is about to go; called with the index in the state that shows it.</summary>
    public async ValueTask ConcernAsync(string repository, string series, string ordinal, string register)
    {
        // Where no place is known at all, nobody is found by it.
        if ((await map.GraphAsync(repository).ConfigureAwait(false)).Chains.Count == 0) return;
        string prefix = LineKeys.Entries(repository, series), key = LineKeys.Entry(repository, series, ordinal, register);
        var self = await index.FindAsync(key).ConfigureAwait(false) is { } value ? index.EntryOf(prefix, new IndexEntry(key, value)) : null;
        if (self is null) return;
        Add(repository, self.Commits);
        if (isHealth(SeriesName.KindOf(series))) await ConcernHealthAsync(repository, series, self).ConfigureAwait(false);
        else
        {
            await ConcernRolloutAsync(repository, series, self).ConfigureAwait(false);
            await ConcernChecksAsync(repository, series, self).ConfigureAwait(false);
        }
    }

    /// <summary>A version was marked bad or released: whoever was or is judged by an entry that runs it.</summary>
    public async ValueTask ConcernVetoAsync(CommitId commit)
    {
        foreach (var row in await index.ScanAsync(LineKeys.Under(LineKeys.EvidenceBySha(commit.Repository, commit.Sha))).ConfigureAwait(false))
        {
            var (series, register) = LineKeys.ReadEvidence(row.Key);
            if (isRollout(SeriesName.KindOf(series)))
                await ConcernAsync(commit.Repository, series, EvidenceRow.Read(register, row.Value).Ordinal, register).ConfigureAwait(false);
        }
    }

    /// <summary>A line's head or a baseline moved: what is contained by one of the two places and not by the other.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="now">Where it is.</param>
    /// <param name="before">Where it was; null when that is not known.</param>
    /// <param name="branch">Only what landed on this branch, which counts as contained as long as nobody knows better.</param>
    public async ValueTask ConcernMoveAsync(string repository, string now, string? before, string? branch = null)
    {
        var (from, to) = (await PlacesAsync(repository, before is null ? [] : [before]).ConfigureAwait(false), await PlacesAsync(repository, [now]).ConfigureAwait(false));
        if (to.Count == 0) (from, to) = ([], from);
        await BetweenAsync(repository, to, from, [], from.Count == 0, branch is null ? Beyond.Lacks : Beyond.IsSilent, branch).ConfigureAwait(false);
    }

    /// <summary>Chains got more past: whoever is judged by an entry that runs a commit of them.</summary>
    public async ValueTask ConcernChainsAsync(string repository, ISet<int> chains)
    {
        var graph = await map.GraphAsync(repository).ConfigureAwait(false);
        foreach (var series in await SeriesName.AllAsync(index, repository).ConfigureAwait(false))
        {
            if (!isHealth(series.Kind) && !isRollout(series.Kind)) continue;
            var history = new LevelHistory(index, map, repository, series.Text);
            HashSet<string> commits = new(StringComparer.Ordinal), before = new(StringComparer.Ordinal);
            bool hasBase = false;
            for (int i = 0; i < MaxWalk && !hasBase && await history.GetAsync(i).ConfigureAwait(false) is { } entry; i++)
            {
                await map.LoadAsync(repository, entry.Commits).ConfigureAwait(false);
                if (entry.Status == GateStatus.NotApplicable && entry.Commits.Any(sha => map.Find(repository, sha) is { } point && chains.Contains(point.Chain))) await ConcernAllAsync(repository).ConfigureAwait(false);
                hasBase = entry.SaysWhatRuns && entry.Commits.All(sha => map.Find(repository, sha) is { } point && !chains.Contains(point.Chain) && chains.All(c => !IsSilent(graph, point, c)));
                (hasBase ? before : commits).UnionWith(entry.Commits);
            }
            var (self, older) = (await PlacesAsync(repository, commits).ConfigureAwait(false), await PlacesAsync(repository, before).ConfigureAwait(false));
            await BetweenAsync(repository, self, older, [], fromStart: !hasBase).ConfigureAwait(false);
        }
    }

    private async ValueTask ConcernRolloutAsync(string repository, string series, LevelEntry self)
    {
        if (await ComesOrGoesAsync(repository, series, self).ConfigureAwait(false))
        {
            await ConcernAllAsync(repository).ConfigureAwait(false);
            return;
        }
        if (!await IsPlacedAsync(repository, self).ConfigureAwait(false)) return;
        var graph = await map.GraphAsync(repository).ConfigureAwait(false);
        var places = await PlacesAsync(repository, self.Commits).ConfigureAwait(false);
        HashSet<string> before = new(StringComparer.Ordinal), after = new(StringComparer.Ordinal);
        bool hasBefore = await WalkAsync(repository, series, self, descending: true, entry => IsBase(entry, before)).ConfigureAwait(false);
        await WalkAsync(repository, series, self, descending: false, entry => IsBase(entry, after)).ConfigureAwait(false);
        Add(repository, before);
        Add(repository, after);
        await BetweenAsync(repository, places, await PlacesAsync(repository, before).ConfigureAwait(false), await PlacesAsync(repository, after).ConfigureAwait(false), fromStart: !hasBefore).ConfigureAwait(false);

        async ValueTask<bool> IsBase(LevelEntry entry, HashSet<string> commits)
        {
            commits.UnionWith(entry.Commits);
            return entry.Status != GateStatus.NotApplicable && await RunsAsync(repository, entry).ConfigureAwait(false) && !await Vetoes.IsVetoedAsync(index, repository, entry).ConfigureAwait(false)
                // With a gap in its past it says nothing of what landed where this one comes from.
                && entry.Commits.All(sha => map.Find(repository, sha) is { } older && places.TrueForAll(p => !IsSilent(graph, older, p.Chain)));
        }
    }

    private void Add(string repository, IEnumerable<string> commits)
    {
        foreach (string sha in commits) Ran.Add(new CommitId(repository, sha));
    }

    // What runs a commit of which no place is known concerns nobody until it is located.
    private async ValueTask<bool> RunsAsync(string repository, LevelEntry entry) => entry.SaysWhatRuns && await IsPlacedAsync(repository, entry).ConfigureAwait(false);

    private async ValueTask<bool> IsPlacedAsync(string repository, LevelEntry entry)
    {
        await map.LoadAsync(repository, entry.Commits).ConfigureAwait(false);
        return entry.Commits.All(sha => map.Find(repository, sha) is not null);
    }

    // A target that comes or goes is one more or one less that every change has to be at, also those that never were.
    private async ValueTask<bool> ComesOrGoesAsync(string repository, string series, LevelEntry self)
    {
        if (self.Status == GateStatus.NotApplicable) return true;
        if (!await IsPlacedAsync(repository, self).ConfigureAwait(false)) return await IsOnlyAsync().ConfigureAwait(false);
        LevelEntry? before = null;
        var graph = await map.GraphAsync(repository).ConfigureAwait(false);
        await WalkAsync(repository, series, self, descending: true, async entry =>
        {
            before = entry;
            // To those for whom what it runs says nothing, because of a gap in its past, what was before it still counts.
            return await RunsAsync(repository, entry).ConfigureAwait(false)
                && (entry.Status == GateStatus.NotApplicable || entry.Commits.All(e => self.Commits.Any(s => graph.SharesGaps(map.Find(repository, e)!.Value, map.Find(repository, s)!.Value))));
        }).ConfigureAwait(false);
        return before is not null ? before.Status == GateStatus.NotApplicable : await IsOnlyAsync().ConfigureAwait(false);

        async ValueTask<bool> IsOnlyAsync() => !await AnyAsync(descending: true).ConfigureAwait(false) && !await AnyAsync(descending: false).ConfigureAwait(false);

        ValueTask<bool> AnyAsync(bool descending) => WalkAsync(repository, series, self, descending, static _ => ValueTask.FromResult(true));
    }

    private async ValueTask ConcernAllAsync(string repository)
    {
        Turned.Add(repository);
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
        if (!await IsPlacedAsync(repository, self).ConfigureAwait(false)) return;
        var (walked, hasBefore) = await SinceVerifiedAsync(repository, series, self).ConfigureAwait(false);
        var commits = new HashSet<string>(walked.SelectMany(static e => e.Commits), StringComparer.Ordinal);
        var checks = index.SeriesOf(series);
        foreach (var rollouts in await SeriesName.AllAsync(index, repository).ConfigureAwait(false))
        {
            if (isRollout(rollouts.Kind) && rollouts.IsAt(checks))
                hasBefore &= await WentLiveSinceAsync(new LevelHistory(index, map, repository, rollouts.Text), walked.Count > 0 ? walked[^1].At : DateTimeOffset.MinValue, commits).ConfigureAwait(false);
        }
        // What the check's version does not contain was not checked.
        await BetweenAsync(repository, await PlacesAsync(repository, self.Commits).ConfigureAwait(false), await PlacesAsync(repository, commits).ConfigureAwait(false), [], fromStart: !hasBefore, Beyond.Lacks, onlyReached: true).ConfigureAwait(false);
    }

    // A rollout may be heard of after the checks of what it rolled out: they count from now on, also for what ran before it.
    private async ValueTask ConcernChecksAsync(string repository, string series, LevelEntry rollout)
    {
        var rollouts = index.SeriesOf(series);
        foreach (var health in await SeriesName.AllAsync(index, repository).ConfigureAwait(false))
        {
            if (!isHealth(health.Kind) || !health.IsAt(rollouts)) continue;
            var checks = new LevelHistory(index, map, repository, health.Text);
            for (int i = 0, older = 0; older < LevelHistory.MaxOlder && i < MaxWalk && await checks.GetAsync(i).ConfigureAwait(false) is { } check; i++)
            {
                older = check.At < rollout.At ? older + 1 : 0;
                if (older == 0 && check.Commits.Any(rollout.Commits.Contains)) await ConcernHealthAsync(repository, health.Text, check).ConfigureAwait(false);
            }
        }
    }

    // The checks back to one that verified all that was live; whether there is such a one.
    private async ValueTask<(List<LevelEntry> Walked, bool HasBefore)> SinceVerifiedAsync(string repository, string series, LevelEntry self)
    {
        var walked = new List<(LevelEntry Entry, bool IsGood)>();
        int passes = 0, needed = soaks ? 2 : 1;
        // A check that was taken back verified nobody in the end.
        var revoked = new HashSet<string>(StringComparer.Ordinal);
        bool revokes = Revoke(self);
        bool hasBefore = await WalkAsync(repository, series, self, descending: true, async entry =>
        {
            Revoke(entry);
            bool isGood = entry.Status == GateStatus.Passed && !revoked.Contains(VersionOf(entry)) && await IsPlacedAsync(repository, entry).ConfigureAwait(false);
            if (isGood) passes++;
            walked.Add((entry, isGood));
            return !revokes && isGood && passes >= needed;
        }).ConfigureAwait(false);
        if (!revokes) return (walked.ConvertAll(static w => w.Entry), hasBefore);
        // What takes back may take back several, with others between: the good one has to be older than all of them.
        int oldest = walked.FindLastIndex(w => w.Entry.Status == GateStatus.Passed && VersionOf(w.Entry) == VersionOf(self));
        int end = oldest;
        for (int n = 0; n < needed && end < walked.Count; n++) end = walked.FindIndex(end + 1, static w => w.IsGood) is var found and >= 0 ? found : walked.Count;
        return (walked.Take(end + 1).Select(static w => w.Entry).ToList(), end < walked.Count);

        bool Revoke(LevelEntry entry) => entry is { Status: GateStatus.Failed, Reason: Reason.Regressed } && (revoked.Add(VersionOf(entry)) || true);

        static string VersionOf(LevelEntry entry) => string.Join(',', entry.Commits);
    }

    // What went live after a check was not verified by it: each rollout since then, and what ran before it. Entries are in the order of
    // their rollouts, which need not be the order in which they completed.
    private async ValueTask<bool> WentLiveSinceAsync(LevelHistory rollouts, DateTimeOffset check, HashSet<string> commits)
    {
        bool opens = false;
        for (int i = 0, older = 0; i < MaxWalk && (opens || older < LevelHistory.MaxOlder) && await rollouts.GetAsync(i).ConfigureAwait(false) is { } rollout; i++)
        {
            if (!await RunsAsync(rollouts.Repository, rollout).ConfigureAwait(false)) continue;
            if (rollout.Status == GateStatus.NotApplicable)
            {
                if (opens) return false;
                continue;
            }
            bool isNew = rollout.At > check;
            if (isNew || opens) commits.UnionWith(rollout.Commits);
            older = isNew ? 0 : older + 1;
            if (isNew) opens = true;
            else if (opens) opens = await Vetoes.IsVetoedAsync(index, rollouts.Repository, rollout).ConfigureAwait(false);
        }
        return !opens;
    }

    private async ValueTask<bool> WalkAsync(string repository, string series, LevelEntry self, bool descending, Func<LevelEntry, ValueTask<bool>> isEnd)
    {
        string prefix = LineKeys.Entries(repository, series), key = LineKeys.Entry(repository, series, self.Ordinal, self.Register);
        for (int walked = 0; walked < MaxWalk;)
        {
            var range = descending ? new IndexRange(prefix, key, 16, Descending: true) : new IndexRange($"{key}\t", $"{prefix[..^1]}\n", 16);
            var rows = await index.ScanAsync(range).ConfigureAwait(false);
            foreach (var row in rows)
            {
                walked++;
                key = row.Key;
                var entry = index.EntryOf(prefix, row);
                if (await isEnd(entry).ConfigureAwait(false)) return true;
            }
            if (rows.Count < 16) return false;
        }
        return false;
    }

    private async ValueTask<List<ChainPoint>> PlacesAsync(string repository, IReadOnlyCollection<string> commits)
    {
        await map.LoadAsync(repository, commits).ConfigureAwait(false);
        return [.. commits.Select(sha => map.Find(repository, sha)).OfType<ChainPoint>().Distinct()];
    }

    // Beyond a gap nobody is concerned, neither by what is known to run there nor by its going: what it contains is not known.
    private static bool IsSilent(LineGraph graph, ChainPoint commit, int chain) =>
        graph.LastReached(commit, chain) is null && graph.MayContain(commit, new ChainPoint(chain, graph.Chain(chain).Last));

    private async ValueTask BetweenAsync(
        string repository, List<ChainPoint> self, List<ChainPoint> before, List<ChainPoint> after, bool fromStart, Beyond beyond = Beyond.IsSilent, string? branch = null, bool onlyReached = false)
    {
        if (self.Count == 0) return;
        var graph = await map.GraphAsync(repository).ConfigureAwait(false);
        var points = self.Concat(before).Concat(after).ToList();
        // Between two places of one chain only what was merged there makes a difference, however many branches the line has seen.
        bool isNear = !fromStart && points.TrueForAll(p => p.Chain == points[0].Chain);
        foreach (int chain in isNear ? graph.Gained(points[0].Chain, points.Min(static p => p.Position), points.Max(static p => p.Position)) : (onlyReached ? self : points).SelectMany(p => graph.Reach(p).Keys).Distinct())
        {
            long low = long.MaxValue, high = long.MinValue;
            bool speaks = Extend(self), hasBase = Extend(before);
            Extend(after);
            if (fromStart || !hasBase) low = long.MinValue;
            if (speaks && low < high) Affected.Add(new AffectedRange(repository, chain, low == long.MinValue ? low : low + 1, high, default, branch));

            bool Extend(List<ChainPoint> places)
            {
                bool any = false;
                foreach (var point in places)
                {
                    if (graph.LastReached(point, chain) is { } last) (low, high) = (Math.Min(low, last), Math.Max(high, last));
                    else if (beyond == Beyond.Lacks || !IsSilent(graph, point, chain)) low = long.MinValue;
                    else continue;
                    any = true;
                }
                return any;
            }
        }
    }

    // What a commit is taken to say of changes beyond a gap in its past: nothing, or that it lacks them.
    private enum Beyond
    {
        IsSilent,
        Lacks,
    }
}
