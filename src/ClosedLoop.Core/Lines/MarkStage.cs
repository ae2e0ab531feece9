using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>
/// Keeps the marks of cumulative series. The passed commits of a chain form a staircase: a later step is a later instant. So the first
/// step at or after a landing is the run that released it, found in one look, and a new step concerns exactly what landed since the
/// step before it.
/// </summary>
internal sealed class MarkStage(LineIndex index, LineMap map, bool asksForLines)
{
    public List<AffectedRange> Affected { get; } = [];

    /// <summary>Changes that a revert cut off after a commit that got another verdict; the staircase does not speak for them.</summary>
    public HashSet<Key> Cut { get; } = [];

    /// <summary>What <see cref="UpdateAsync"/> will read of a commit whose place is known.</summary>
    public IEnumerable<IndexRange> Ahead(CommitId commit, string series)
    {
        if (map.Find(commit.Repository, commit.Sha) is not { } point) return [];
        return [LineKeys.Under(LineKeys.EvidenceBySha(commit.Repository, commit.Sha, series, "")), .. Mark.All.Select(c => LineKeys.Only(KeyOf(commit.Repository, point, series, c)))];
    }

    /// <summary>Brings the mark of one series at one commit up to date with its evidence.</summary>
    public async ValueTask UpdateAsync(CommitId commit, string series, bool level)
    {
        if (await map.LocateAsync(commit.Repository, commit.Sha).ConfigureAwait(false) is not { } point) return;
        var graph = await map.GraphAsync(commit.Repository).ConfigureAwait(false);
        var (old, oldKey) = await FindAsync(commit.Repository, point, series).ConfigureAwait(false);
        var mark = await ReadAsync(commit, series, level).ConfigureAwait(false);
        if (old is not null && mark is not null && (old with { Category = old.Passed ? Mark.Step : old.Category }) == mark) return;
        if (oldKey is not null) index.Remove(oldKey);
        if (level)
        {
            if (mark is not null) Put(commit.Repository, point, series, mark);
            return;
        }
        if (old is null && mark is null) return;
        if (old?.Category == Mark.Step) await RaiseAsync(commit.Repository, point, series).ConfigureAwait(false);
        if (mark?.Category == Mark.Step) await StepAsync(commit.Repository, point, series, mark).ConfigureAwait(false);
        else if (mark is not null) Put(commit.Repository, point, series, mark);
        if (old is not null) await ConcernAsync(graph, point, series, old).ConfigureAwait(false);
        if (mark is not null) await ConcernAsync(graph, point, series, mark).ConfigureAwait(false);
        await ConcernCutAsync(graph, point).ConfigureAwait(false);
    }

    /// <summary>Two chains became one at this commit: what passed below it, but later than something above it, releases nothing any more.</summary>
    public async ValueTask MendAsync(string repository, string sha)
    {
        if (await map.LocateAsync(repository, sha).ConfigureAwait(false) is not { } seam) return;
        foreach (var series in await SeriesName.AllAsync(index, repository).ConfigureAwait(false))
        {
            if (await NextAsync(repository, seam with { Position = seam.Position - 1 }, series.Text, Mark.Step).ConfigureAwait(false) is { } above)
                await ShadowAsync(repository, seam, series.Text, above.Mark.At).ConfigureAwait(false);
        }
    }

    /// <summary>Another change is told to have landed at this commit: whoever was released by its builds was released by that change.</summary>
    public async ValueTask ConcernReleasedAsync(CommitId commit)
    {
        if (await map.LocateAsync(commit.Repository, commit.Sha).ConfigureAwait(false) is not { } point) return;
        var graph = await map.GraphAsync(commit.Repository).ConfigureAwait(false);
        var rows = await index.ScanAsync(LineKeys.Under(LineKeys.EvidenceBySha(commit.Repository, commit.Sha))).ConfigureAwait(false);
        foreach (string series in rows.Select(static r => LineKeys.ReadEvidence(r.Key).Series).Distinct(StringComparer.Ordinal))
            if (await FindAsync(commit.Repository, point, series).ConfigureAwait(false) is ({ Passed: true } mark, _)) await ConcernAsync(graph, point, series, mark).ConfigureAwait(false);
    }

    /// <summary>What the first marks of a chain say is news to everything that its past holds: to be called when that past grew.</summary>
    public ValueTask ConcernPastAsync(LineGraph graph, int chain) => ConcernMarksAsync(graph, chain, static prefix => LineKeys.Under(prefix, 1), wholePast: true);

    /// <summary>The marks of a part of a chain count for more, or for fewer, than they did.</summary>
    public async ValueTask ConcernSegmentAsync(LineGraph graph, int chain, long from, long to)
    {
        if (from <= to) await ConcernMarksAsync(graph, chain, prefix => new IndexRange(prefix + LineKeys.Position(from), prefix + LineKeys.Position(to + 1)), wholePast: false).ConfigureAwait(false);
    }

    private async ValueTask ConcernMarksAsync(LineGraph graph, int chain, Func<string, IndexRange> range, bool wholePast)
    {
        foreach (var series in await SeriesName.AllAsync(index, graph.Repository).ConfigureAwait(false))
        {
            foreach (char category in Mark.All)
            {
                string prefix = LineKeys.Marks(graph.Repository, chain, series.Text, category);
                foreach (var mark in await index.ScanAsync(range(prefix)).ConfigureAwait(false))
                    await ConcernAsync(graph, new ChainPoint(chain, LineKeys.ReadPosition(mark.Key.AsSpan(prefix.Length))), series.Text, Mark.Read(category, mark.Value), wholePast).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<Mark?> ReadAsync(CommitId commit, string series, bool level)
    {
        string prefix = LineKeys.EvidenceBySha(commit.Repository, commit.Sha, series, "");
        var runs = (await index.ScanAsync(LineKeys.Under(prefix)).ConfigureAwait(false)).Select(r => EvidenceRow.Read(r.Key[prefix.Length..], r.Value)).ToList();
        if (level)
        {
            // Whether it ever ran: the order of what ran is in the entries.
            var ran = runs.Where(LevelEntry.MayRun).OrderBy(static r => r.At).ThenBy(static r => r.Register, StringComparer.Ordinal).FirstOrDefault();
            return ran is null ? null : new Mark(Mark.Level, ran.At, commit.Sha, ran.Register);
        }
        return EvidenceRow.Speaking(runs) is { } speaking ? new Mark(Mark.CategoryOf(speaking.Status), speaking.At, commit.Sha, speaking.Register) : null;
    }

    private async ValueTask<(Mark? Mark, string? Key)> FindAsync(string repository, ChainPoint point, string series)
    {
        string[] keys = Array.ConvertAll(Mark.All, c => KeyOf(repository, point, series, c));
        var found = await index.FindAsync(keys).ConfigureAwait(false);
        if (found.Count == 0) return (null, null);
        for (int i = 0; i < keys.Length; i++)
            if (found.TryGetValue(keys[i], out string? value))
                return (Mark.Read(Mark.All[i], value), keys[i]);
        return (null, null);
    }

    private async ValueTask StepAsync(string repository, ChainPoint point, string series, Mark mark)
    {
        var next = await NextAsync(repository, point, series, Mark.Step).ConfigureAwait(false);
        if (next is { } later && later.Mark.At < mark.At)
        {
            Put(repository, point, series, mark with { Category = Mark.Shadowed });
            return;
        }
        Put(repository, point, series, mark);
        await ShadowAsync(repository, point, series, mark.At).ConfigureAwait(false);
    }

    // What passed before it at an earlier commit, but later in time, releases nothing any more.
    private async ValueTask ShadowAsync(string repository, ChainPoint point, string series, DateTimeOffset at)
    {
        string prefix = LineKeys.Marks(repository, point.Chain, series, Mark.Step);
        for (var before = await PreviousAsync(repository, point, series, Mark.Step).ConfigureAwait(false);
            before is { } step && step.Mark.At > at;
            before = await PreviousAsync(repository, point, series, Mark.Step).ConfigureAwait(false))
        {
            index.Remove(prefix + LineKeys.Position(step.Position));
            Put(repository, point with { Position = step.Position }, series, step.Mark with { Category = Mark.Shadowed });
        }
    }

    // A step went away: of what it shadowed, some are steps again.
    private async ValueTask RaiseAsync(string repository, ChainPoint point, string series)
    {
        var before = await PreviousAsync(repository, point, series, Mark.Step).ConfigureAwait(false);
        var next = await NextAsync(repository, point, series, Mark.Step).ConfigureAwait(false);
        string prefix = LineKeys.Marks(repository, point.Chain, series, Mark.Shadowed);
        var range = new IndexRange(prefix + LineKeys.Position(before?.Position + 1 ?? long.MinValue), prefix + LineKeys.Position(next?.Position ?? long.MaxValue), 0, Descending: true);
        var soonest = next?.Mark.At ?? DateTimeOffset.MaxValue;
        foreach (var row in await index.ScanAsync(range).ConfigureAwait(false))
        {
            var mark = Mark.Read(Mark.Step, row.Value);
            if (mark.At > soonest) continue;
            soonest = mark.At;
            index.Remove(row.Key);
            Put(repository, point with { Position = LineKeys.ReadPosition(row.Key.AsSpan(prefix.Length)) }, series, mark);
        }
    }

    // What is contained by this commit and was not already released by a step before it.
    private async ValueTask ConcernAsync(LineGraph graph, ChainPoint point, string series, Mark mark, bool wholePast = false)
    {
        string repository = graph.Repository;
        var before = wholePast ? null : await BeforeAsync(graph, point, series, mark).ConfigureAwait(false);
        // Between two places of one chain only what was merged there makes a difference, however many branches the line has seen.
        bool isNear = before is { } near && near.Chain == point.Chain;
        var reach = isNear ? null : graph.Reach(point);
        foreach (int chain in isNear ? graph.Gained(point.Chain, before!.Value.Position, point.Position) : reach!.Keys)
        {
            long last = reach is null ? graph.LastReached(point, chain)!.Value : reach[chain];
            long low = (before is { } b ? graph.LastReached(b, chain) : null) ?? long.MinValue;
            // For a gate that asks for lines, what passed elsewhere released nothing.
            if (chain != point.Chain && low == long.MinValue && !asksForLines) low = await LastReleasedAsync(repository, chain, series, mark).ConfigureAwait(false);
            if (low < last) Affected.Add(new AffectedRange(repository, chain, low == long.MinValue ? low : low + 1, last));
        }
        if (mark.Passed || mark.Category == Mark.Failed) await ConcernRedAsync(graph, point, series, mark.At).ConfigureAwait(false);
    }

    // The nearest commit of the first-parent history with a mark of this series that leaves nothing to this one of what it contains.
    private async ValueTask<ChainPoint?> BeforeAsync(LineGraph graph, ChainPoint point, string series, Mark mark)
    {
        foreach (var part in graph.FirstParents(point))
        {
            var end = part.Chain == point.Chain ? part : part with { Position = part.Position + 1 };
            var before = await PreviousAsync(graph.Repository, end, series, Mark.Step).ConfigureAwait(false);
            // A shadowed one has to be looked past: with this one gone or come, those between are released by another.
            while (mark.Passed && before is { } step && step.Mark.At > mark.At)
                before = await PreviousAsync(graph.Repository, end with { Position = step.Position }, series, Mark.Step).ConfigureAwait(false);
            if (!mark.Passed && await PreviousAsync(graph.Repository, end, series, mark.Category).ConfigureAwait(false) is { } same && !(before?.Position > same.Position)) before = same;
            if (before is { } found) return part with { Position = found.Position };
        }
        return null;
    }

    // What landed on another chain is released by the steps there, as far as these were sooner.
    private async ValueTask<long> LastReleasedAsync(string repository, int chain, string series, Mark mark)
    {
        var end = new ChainPoint(chain, long.MaxValue);
        var step = await PreviousAsync(repository, end, series, Mark.Step).ConfigureAwait(false);
        while (mark.Passed && step is { } s && s.Mark.At > mark.At) step = await PreviousAsync(repository, end with { Position = s.Position }, series, Mark.Step).ConfigureAwait(false);
        return step?.Position ?? long.MinValue;
    }

    // Whether a change landed on red is judged by the nearest verdict before it.
    private async ValueTask ConcernRedAsync(LineGraph graph, ChainPoint point, string series, DateTimeOffset at)
    {
        var next = long.MaxValue;
        foreach (char category in Mark.Verdicts)
            if (await NextAsync(graph.Repository, point, series, category).ConfigureAwait(false) is { } verdict && verdict.Mark.At <= at && verdict.Position < next)
                next = verdict.Position;
        long last = Math.Min(next, graph.Chain(point.Chain).Last);
        if (last > point.Position) Affected.Add(new AffectedRange(graph.Repository, point.Chain, point.Position + 1, last, at));
        foreach (var chain in graph.ForksOf(point.Chain, point.Position))
            if (chain.Parent is { } fork && fork.Position <= last)
                await ConcernRedAsync(graph, new ChainPoint(chain.Id, long.MinValue), series, at).ConfigureAwait(false);
    }

    private async ValueTask ConcernCutAsync(LineGraph graph, ChainPoint point)
    {
        // One range for all chains: there are far fewer removals than branches that were merged, and mostly none.
        var removals = await index.ScanAsync(LineKeys.Under(LineKeys.Removals(graph.Repository))).ConfigureAwait(false);
        HashSet<int>? chains = null;
        foreach (var row in removals)
        {
            var place = LineKeys.ReadPlace(row.Key);
            long? last = graph.LastReached(point, place.Chain);
            if (place.Position <= last) continue;
            // Also where the chain goes on without this commit: its own steps do not release what was taken away before them.
            if (last is not null || (chains ??= Around(graph, point.Chain)).Contains(place.Chain)) Cut.Add(Key.Parse(LineKeys.Last(row.Key)));
        }
    }

    private static HashSet<int> Around(LineGraph graph, int chain)
    {
        var chains = new HashSet<int>(graph.Above(chain)) { chain };
        foreach (var merge in graph.Merges)
            if (chains.Contains(merge.At.Chain))
                chains.Add(merge.Other.Chain);
        return chains;
    }

    private ValueTask<(long Position, Mark Mark)?> NextAsync(string repository, ChainPoint point, string series, char category)
    {
        string prefix = LineKeys.Marks(repository, point.Chain, series, category);
        return OneAsync(prefix, new IndexRange(prefix + LineKeys.Position(point.Position == long.MinValue ? long.MinValue : point.Position + 1), $"{prefix[..^1]}\n", 1), category);
    }

    private ValueTask<(long Position, Mark Mark)?> PreviousAsync(string repository, ChainPoint point, string series, char category)
    {
        string prefix = LineKeys.Marks(repository, point.Chain, series, category);
        return OneAsync(prefix, new IndexRange(prefix, prefix + LineKeys.Position(point.Position), 1, Descending: true), category);
    }

    private async ValueTask<(long Position, Mark Mark)?> OneAsync(string prefix, IndexRange range, char category) =>
        await index.ScanAsync(range).ConfigureAwait(false) is [var row, ..] ? (LineKeys.ReadPosition(row.Key.AsSpan(prefix.Length)), Mark.Read(category, row.Value)) : null;

    private void Put(string repository, ChainPoint point, string series, Mark mark) => index.Put(KeyOf(repository, point, series, mark.Category), mark.Write());

    private static string KeyOf(string repository, ChainPoint point, string series, char category) => LineKeys.Marks(repository, point.Chain, series, category) + LineKeys.Position(point.Position);
}
