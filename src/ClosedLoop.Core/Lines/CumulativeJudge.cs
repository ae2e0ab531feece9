using ClosedLoop.Facts;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>Finds what a cumulative series says of a landing: the run that released it, else what it waits for.</summary>
internal sealed class CumulativeJudge(LineIndex index, RepositoryLines lines)
{
    // In the order in which they speak.
    private static readonly char[][] Categories = [[Mark.Step], [Mark.Failed], [Mark.Running], [Mark.NotApplicable], [Mark.NoVerdict]];
    private readonly Dictionary<ChainPoint, IReadOnlyList<Key>> _landed = [];
    private readonly Dictionary<(int Chain, string Series, char[] Categories), MarkWindow> _windows = [];

    public async ValueTask<Pick?> JudgeAsync(Key change, SeriesName series, GateDefinition gate, IReadOnlyList<Epoch> epochs)
    {
        var parts = lines.PartsOf(gate);
        var found = new List<Candidate>();
        foreach (char[] category in Categories)
        {
            foreach (var epoch in epochs)
            {
                foreach (var (chain, (from, to)) in epoch.Region)
                {
                    long end = to;
                    if (parts is not null && (!parts.TryGetValue(chain, out long last) || (end = Math.Min(to, last + 1)) <= from)) continue;
                    if (await FirstAsync(chain, series.Text, category, from, end).ConfigureAwait(false) is { } mark) found.Add(new Candidate(epoch, new ChainPoint(chain, mark.Position), mark.Mark));
                }
            }
            if (found.Count > 0) break;
        }
        if (found.Count == 0) return null;
        var picked = Best(found);
        var landing = picked.Epoch.Landing;
        bool passed = picked.Mark.Passed;
        bool exact = picked.Mark.Commit == landing.Sha && landing.Effect.How == Effect.Landing;
        var releasers = passed && picked.Mark.Commit != landing.Sha ? await LandedAtAsync(picked.Point).ConfigureAwait(false) : [];
        var status = passed ? GateStatus.Passed : StatusOf(picked.Mark.Category);
        var coverage = new CoverageView
        {
            Commit = new CommitId(lines.Repository, picked.Mark.Commit).Key,
            Relation = exact ? CoverageRelation.Exact : landing.Effect.How == Effect.Landing ? CoverageRelation.Ancestor : CoverageRelation.Equivalent,
            ReleasedBy = releasers.Where(c => c != change).Select(static c => (Key?)c).FirstOrDefault(),
            LandedOnRed = await LandedOnRedAsync(landing, series.Text).ConfigureAwait(false),
            Waited = passed ? landing.WaitedUntil(picked.Mark.At) : null,
        };
        Reason? reason = passed ? exact ? Reason.Exact : Reason.CoveredBy : null;
        return new Pick(picked.Mark.Register, status, reason, picked.Mark.At, new CommitId(lines.Repository, picked.Mark.Commit), coverage);
    }

    private static GateStatus StatusOf(char category) => category switch
    {
        Mark.Failed => GateStatus.Failed,
        Mark.Running => GateStatus.Running,
        Mark.NotApplicable => GateStatus.NotApplicable,
        _ => GateStatus.Waiting,
    };

    private async ValueTask<(long Position, Mark Mark)?> FirstAsync(int chain, string series, char[] category, long from, long to)
    {
        var first = await WindowOf(chain, series, category).FirstAsync(from, to).ConfigureAwait(false);
        return first is null && category[0] == Mark.Step && to < long.MaxValue ? await FirstShadowedAsync(chain, series, from, to).ConfigureAwait(false) : first;
    }

    private MarkWindow WindowOf(int chain, string series, char[] categories) =>
        _windows.TryGetValue((chain, series, categories), out var window) ? window : _windows[(chain, series, categories)] = new MarkWindow(index, lines.Repository, chain, series, categories);

    // Where a revert cut the region off, what a later commit shadows beyond the cut still counts before it.
    private async ValueTask<(long Position, Mark Mark)?> FirstShadowedAsync(int chain, string series, long from, long to)
    {
        string prefix = LineKeys.Marks(lines.Repository, chain, series, Mark.Shadowed);
        (long Position, Mark Mark)? best = null;
        foreach (var row in await index.ScanAsync(new IndexRange(prefix + LineKeys.Position(from), prefix + LineKeys.Position(to))).ConfigureAwait(false))
        {
            var mark = Mark.Read(Mark.Shadowed, row.Value);
            if (best is null || mark.At < best.Value.Mark.At) best = (LineKeys.ReadPosition(row.Key.AsSpan(prefix.Length)), mark);
        }
        return best;
    }

    // Of passes the soonest. Of the rest the nearest to the landing: one that contains none of the others.
    private Candidate Best(List<Candidate> found)
    {
        if (found.Count == 1) return found[0];
        if (found[0].Mark.Passed)
        {
            var soonest = found.Min(static c => c.Mark.At);
            found = found.FindAll(c => c.Mark.At == soonest);
        }
        return found.FindAll(c => !found.Exists(o => o.Point != c.Point && lines.Graph.Contains(c.Point, o.Point)))
            .OrderBy(static c => c.Mark.At).ThenBy(static c => c.Mark.Commit, StringComparer.Ordinal).First();
    }

    private async ValueTask<IReadOnlyList<Key>> LandedAtAsync(ChainPoint point)
    {
        if (_landed.TryGetValue(point, out var known)) return known;
        string prefix = LineKeys.EffectsByPlace(lines.Repository, point);
        var rows = await index.ScanAsync(LineKeys.Under(prefix)).ConfigureAwait(false);
        return _landed[point] = [.. rows.Where(static r => Effect.Read(r.Value) is { Adds: true, How: Effect.Landing }).Select(r => Key.Parse(r.Key[prefix.Length..])).Order()];
    }

    // The nearest verdict on the first-parent history before the landing, among those that were known when it landed.
    private async ValueTask<bool> LandedOnRedAsync(EffectPoint landing, string series)
    {
        long end = landing.Point.Position;
        foreach (var part in lines.Graph.FirstParents(landing.Point))
        {
            if (part.Chain != landing.Point.Chain) end = part.Position + 1;
            if (await WindowOf(part.Chain, series, Mark.Verdicts).IsRedAsync(end, landing.Effect.At).ConfigureAwait(false) is { } red) return red;
        }
        return false;
    }

    private readonly record struct Candidate(Epoch Epoch, ChainPoint Point, Mark Mark);
}
