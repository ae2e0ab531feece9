using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

// Commits that turn out to have more past than was known.
internal sealed partial class LineBatch
{
    // More commits than this above a place that got more past are not looked at one by one.
    private const int MaxJoined = 200;

    // A gap was healed, or a merge's other side became known: what lies above has more past than before.
    private async ValueTask ConcernJoinedAsync(string repository, string sha, bool byMerge)
    {
        var lines = await map.GraphAsync(repository).ConfigureAwait(false);
        if (await map.LocateAsync(repository, sha).ConfigureAwait(false) is not { } point) return;
        if (byMerge)
        {
            ConcernMerge(lines, point);
            return;
        }
        if (await AboveAsync(lines, point).ConfigureAwait(false) is { } commits) await ConcernAboveAsync(lines, point, commits).ConfigureAwait(false);
        else await ConcernAllAsync(lines, point).ConfigureAwait(false);
        bool counts = false;
        foreach (var row in await index.ScanAsync(LineKeys.Under(LineKeys.Heads(repository))).ConfigureAwait(false))
        {
            if (LineHead.Read(row.Value).Known is not { } known || await map.LocateAsync(repository, known).ConfigureAwait(false) is not { } head || !lines.Contains(head, point)) continue;
            string branch = LineKeys.Last(row.Key);
            // With more past, a line is known to have gone another way than what landed on it elsewhere.
            AddOff(lines, head, branch);
            await ConcernRemovalsAsync(lines, branch, r => lines.Contains(point, r) ? ((false, true), (true, true)) : default).ConfigureAwait(false);
            counts |= kinds.AsksForLine(branch);
        }
        foreach (var row in await index.ScanAsync(LineKeys.Under(LineKeys.Baselines(repository))).ConfigureAwait(false))
            counts |= await map.LocateAsync(repository, row.Value).ConfigureAwait(false) is { } baseline && lines.Contains(baseline, point);
        // To a gate that asks for its line, or to a baseline, what a commit contains only since it was joined is news.
        if (counts)
            foreach (var (chain, last) in lines.Reach(point)) _ranges.Add(new AffectedRange(repository, chain, long.MinValue, last));
    }

    // What is known of a merge's other side only now was said to be off the line, and of nothing else anything changes. But a side with a gap of its own makes unknown what was known.
    private void ConcernMerge(LineGraph lines, ChainPoint merge)
    {
        var first = lines.FirstParent(merge);
        if (first is { } parent && !lines.HaveSameGaps(merge, parent))
        {
            foreach (var chain in lines.Chains) _ranges.Add(new AffectedRange(lines.Repository, chain.Id, long.MinValue, long.MaxValue));
            return;
        }
        IReadOnlyDictionary<int, long> before = first is { } line ? lines.Reach(line) : new Dictionary<int, long>();
        foreach (var (chain, last) in lines.Reach(merge))
        {
            long from = before.TryGetValue(chain, out long known) ? known + 1 : long.MinValue;
            if (from <= last) _ranges.Add(new AffectedRange(lines.Repository, chain, from, last));
        }
    }

    // The commits that contain a place, which mostly became known a moment ago; null when they are more than is read one by one.
    private async ValueTask<List<string>?> AboveAsync(LineGraph lines, ChainPoint point)
    {
        var entries = lines.Entries(point);
        if (entries.Count > MaxJoined) return null;
        var commits = new List<string>();
        foreach (var (chain, from) in entries)
        {
            if (lines.Chain(chain).Last - Math.Max(from, lines.Chain(chain).First) >= MaxJoined - commits.Count) return null;
            string places = LineKeys.Places(lines.Repository, chain);
            foreach (var row in await index.ScanAsync(new IndexRange(places + LineKeys.Position(from), $"{places[..^1]}\n")).ConfigureAwait(false)) commits.Add(row.Value);
        }
        return commits;
    }

    // They are concerned themselves; and what is said of them counts, as if it were said only now, for what they contain.
    private async ValueTask ConcernAboveAsync(LineGraph lines, ChainPoint point, List<string> commits)
    {
        foreach (var (chain, from) in lines.Entries(point))
        {
            _ranges.Add(new AffectedRange(lines.Repository, chain, from, long.MaxValue));
            await _marks.ConcernSegmentAsync(lines, chain, from, lines.Chain(chain).Last).ConfigureAwait(false);
        }
        foreach (var rows in await index.ScanAsync([.. commits.Select(c => LineKeys.Under(LineKeys.EvidenceBySha(lines.Repository, c)))]).ConfigureAwait(false))
        {
            foreach (var row in rows)
            {
                var (series, register) = LineKeys.ReadEvidence(row.Key);
                if (kinds.IsLevel(SeriesName.KindOf(series))) await _levels.ConcernAsync(lines.Repository, series, EvidenceRow.Read(register, row.Value).Ordinal, register).ConfigureAwait(false);
            }
        }
    }

    // While a head does not show what its line holds, a removal counts for the branch on which it landed; else where it is contained.
    private async ValueTask ConcernRemovalsAsync(LineGraph lines, string branch, Func<ChainPoint, ((bool Has, bool May) Before, (bool Has, bool May) Now)> seen)
    {
        // There are far fewer removals than landings, and nearly all landed on the branch that holds them.
        foreach (var row in await index.ScanAsync(LineKeys.Under(LineKeys.Removals(lines.Repository))).ConfigureAwait(false))
        {
            var place = LineKeys.ReadPlace(row.Key);
            var (before, now) = seen(place);
            if (before == now) continue;
            var change = Key.Parse(LineKeys.Last(row.Key));
            if (await index.FindAsync(LineKeys.EffectByPlace(lines.Repository, place, change)).ConfigureAwait(false) is not { } effect) continue;
            string? landedOn = Effect.Read(effect).Branch;
            if (landedOn is null || Counts(before) != Counts(now)) Changes.Add(change);

            bool Counts((bool Has, bool May) head) => head.Has || (head.May && landedOn == branch);
        }
    }

    private async ValueTask ConcernAllAsync(LineGraph lines, ChainPoint point)
    {
        var above = lines.Above(point.Chain);
        foreach (int chain in above)
        {
            await _marks.ConcernPastAsync(lines, chain).ConfigureAwait(false);
            _ranges.Add(new AffectedRange(lines.Repository, chain, long.MinValue, long.MaxValue));
        }
        await _levels.ConcernChainsAsync(lines.Repository, above).ConfigureAwait(false);
    }
}
