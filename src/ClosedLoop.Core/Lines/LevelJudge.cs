using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>Finds what runs at a target, and whether a change is in it.</summary>
internal sealed class LevelJudge(LineIndex index, LineMap map, RepositoryLines lines)
{
    private readonly Dictionary<string, bool> _vetoed = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Chain, string Series), MarkWindow> _marks = [];
    private readonly Dictionary<(string Series, string Sha), IReadOnlyList<LevelEntry>> _runs = [];

    // What was judged last, by series: a check asks again what its rollouts say of the same landing.
    private readonly Dictionary<string, Pick?> _judged = new(StringComparer.Ordinal);
    private IReadOnlyList<Epoch>? _judgedOf;

    public LevelHistory History(string series)
    {
        if (!lines.Levels.TryGetValue(series, out var history)) lines.Levels[series] = history = new LevelHistory(index, map, lines.Repository, series);
        return history;
    }

    /// <summary>What a rollout series says of a change; null when the target is gone.</summary>
    public async ValueTask<Pick?> JudgeAsync(SeriesName series, IReadOnlyList<Epoch> epochs)
    {
        if (!ReferenceEquals(_judgedOf, epochs)) _judged.Clear();
        _judgedOf = epochs;
        if (!_judged.TryGetValue(series.Text, out var pick)) _judged[series.Text] = pick = await ReadAsync(series, epochs).ConfigureAwait(false);
        return pick;
    }

    private async ValueTask<Pick?> ReadAsync(SeriesName series, IReadOnlyList<Epoch> epochs)
    {
        var history = History(series.Text);
        LevelEntry? current = null, attempt = null;
        string absence = $"{Where(series)} runs no version that is known to contain it";
        int place = 0;
        for (; await history.GetAsync(place).ConfigureAwait(false) is { } entry; place++)
        {
            if (await RunsAsync(entry, epochs).ConfigureAwait(false))
            {
                current = entry;
                break;
            }
            bool tells = entry.Status is GateStatus.Running or GateStatus.Failed || (entry.Status == GateStatus.Waiting && entry.Reason != Reason.None);
            if (attempt is null && tells && entry.Commits.Length > 0 && await CountAsync(entry, epochs).ConfigureAwait(false) == entry.Commits.Length) attempt = entry;
        }
        if (current is null) return attempt is not null ? Attempt(attempt, epochs) : await history.GetAsync(0).ConfigureAwait(false) is { } newest ? Absent(newest, epochs, absence) : null;
        if (current.Status == GateStatus.NotApplicable) return null;

        int has = await CountAsync(current, epochs).ConfigureAwait(false);
        bool all = has == current.Commits.Length && has > 0;
        if (all && await IsLiveAsync(history, place, epochs).ConfigureAwait(false))
        {
            var first = await FirstOfRunAsync(history, place, epochs).ConfigureAwait(false);
            return View(first, epochs, GateStatus.Passed, IsExact(first, epochs) ? Reason.Exact : Reason.CoveredBy);
        }
        if (all) return View(current, epochs, GateStatus.Failed, Reason.Vetoed) with { Detail = $"{Where(series)} runs {Short(current)}, which was marked bad" };
        if (has > 0) return View(current, epochs, GateStatus.Running, Reason.Partial) with { Detail = $"{has} of {current.Commits.Length} versions that serve at {Where(series)} contain it" };
        if (await WhenLostAsync(history, place, series, epochs).ConfigureAwait(false) is { } lost)
            return View(lost, epochs, GateStatus.Failed, Reason.Regressed) with { Detail = $"{Where(series)} went back to {Short(lost)}, which does not contain it" };
        return attempt is not null ? Attempt(attempt, epochs) : Absent(current, epochs, absence);
    }

    public async ValueTask<int> CountAsync(LevelEntry entry, IReadOnlyList<Epoch> epochs)
    {
        int has = 0;
        foreach (string sha in entry.Commits)
        {
            var point = await map.LocateAsync(lines.Repository, sha).ConfigureAwait(false);
            for (int i = 0; i < epochs.Count; i++)
            {
                if (!epochs[i].Has(sha, point)) continue;
                has++;
                break;
            }
        }
        return has;
    }

    // What runs a commit of which no place is known, or beyond a gap in the history, says nothing of those that landed elsewhere until
    // somebody tells its history.
    private async ValueTask<bool> RunsAsync(LevelEntry entry, IReadOnlyList<Epoch> epochs)
    {
        if (!entry.SaysWhatRuns) return false;
        foreach (string sha in entry.Commits)
            if (await map.LocateAsync(lines.Repository, sha).ConfigureAwait(false) is var point && IsHidden(point, epochs) && !epochs.Any(e => e.Landing.Sha == sha))
                return false;
        return true;
    }

    private bool IsHidden(ChainPoint? commit, IReadOnlyList<Epoch> epochs)
    {
        if (commit is not { } point) return true;
        bool any = false;
        foreach (var epoch in epochs)
        {
            if (epoch.Region.Count == 0) continue;
            if (lines.Graph.Contains(point, epoch.Landing.Point)) return false;
            any |= lines.Graph.MayContain(point, epoch.Landing.Point);
        }
        return any;
    }

    private async ValueTask<bool> HasAsync(LevelEntry entry, IReadOnlyList<Epoch> epochs) =>
        entry.Commits.Length > 0 && await CountAsync(entry, epochs).ConfigureAwait(false) == entry.Commits.Length;

    // While a version that was marked bad runs, only what ran before it too counts as live.
    private async ValueTask<bool> IsLiveAsync(LevelHistory history, int place, IReadOnlyList<Epoch> epochs)
    {
        bool first = true;
        for (; await history.GetAsync(place).ConfigureAwait(false) is { } entry; place++)
        {
            if (entry.Status == GateStatus.NotApplicable || !await RunsAsync(entry, epochs).ConfigureAwait(false)) continue;
            bool vetoed = await IsVetoedAsync(entry).ConfigureAwait(false);
            if ((first || !vetoed) && !await HasAsync(entry, epochs).ConfigureAwait(false)) return false;
            if (!vetoed) return true;
            first = false;
        }
        return false;
    }

    private async ValueTask<LevelEntry> FirstOfRunAsync(LevelHistory history, int place, IReadOnlyList<Epoch> epochs)
    {
        var first = (await history.GetAsync(place).ConfigureAwait(false))!;
        for (place++; await history.GetAsync(place).ConfigureAwait(false) is { } entry; place++)
        {
            if (!await RunsAsync(entry, epochs).ConfigureAwait(false)) continue;
            if (entry.Status == GateStatus.NotApplicable || !await HasAsync(entry, epochs).ConfigureAwait(false) || !await IsLiveAsync(history, place, epochs).ConfigureAwait(false)) break;
            first = entry;
        }
        return first;
    }

    // The entry that took it away: the one after the last that had it.
    private async ValueTask<LevelEntry?> WhenLostAsync(LevelHistory history, int place, SeriesName series, IReadOnlyList<Epoch> epochs)
    {
        if (!await EverRanAsync(series, epochs).ConfigureAwait(false)) return null;
        LevelEntry? after = null;
        for (; await history.GetAsync(place).ConfigureAwait(false) is { } entry; place++)
        {
            if (entry.Status == GateStatus.NotApplicable || !await RunsAsync(entry, epochs).ConfigureAwait(false)) continue;
            if (await HasAsync(entry, epochs).ConfigureAwait(false)) return after;
            after = entry;
        }
        return null;
    }

    private async ValueTask<bool> EverRanAsync(SeriesName series, IReadOnlyList<Epoch> epochs)
    {
        foreach (var epoch in epochs)
        {
            foreach (var (chain, (from, to)) in epoch.Region)
            {
                if (!_marks.TryGetValue((chain, series.Text), out var marks)) _marks[(chain, series.Text)] = marks = new MarkWindow(index, lines.Repository, chain, series.Text, Mark.Level);
                for (long at = from; await marks.FirstAsync(at, to).ConfigureAwait(false) is var (position, mark); at = position + 1)
                    if ((await RunsOfAsync(series.Text, mark.Commit).ConfigureAwait(false)).Count > 0)
                        return true;
            }
        }
        return false;
    }

    /// <summary>The entries of a series by which a commit ran, found by the commit: to look for them among all that ever ran there takes longer with each of those.</summary>
    public async ValueTask<IReadOnlyList<LevelEntry>> RunsOfAsync(string series, string sha)
    {
        if (_runs.TryGetValue((series, sha), out var known)) return known;
        string evidence = LineKeys.EvidenceBySha(lines.Repository, sha, series, ""), entries = LineKeys.Entries(lines.Repository, series);
        var runs = new List<LevelEntry>();
        foreach (var row in await index.ScanAsync(LineKeys.Under(evidence)).ConfigureAwait(false))
        {
            var said = EvidenceRow.Read(row.Key[evidence.Length..], row.Value);
            string key = LineKeys.Entry(lines.Repository, series, said.Ordinal, said.Register);
            // A rollout that began and got no further is none.
            if (LevelEntry.MayRun(said) && await index.FindAsync(key).ConfigureAwait(false) is { } value && index.EntryOf(entries, new IndexEntry(key, value)) is { SaysWhatRuns: true } entry) runs.Add(entry);
        }
        return _runs[(series, sha)] = runs;
    }

    private async ValueTask<bool> IsVetoedAsync(LevelEntry entry)
    {
        foreach (string sha in entry.Commits)
        {
            if (!_vetoed.TryGetValue(sha, out bool vetoed)) _vetoed[sha] = vetoed = await Vetoes.IsVetoedAsync(index, new CommitId(lines.Repository, sha)).ConfigureAwait(false);
            if (vetoed) return true;
        }
        return false;
    }

    private Pick Attempt(LevelEntry entry, IReadOnlyList<Epoch> epochs) => View(entry, epochs, entry.Status, entry.Reason);

    // It is older than all evidence: what another target says of the change is more than that this one says nothing.
    public Pick Absent(LevelEntry entry, IReadOnlyList<Epoch> epochs, string? detail) =>
        View(entry, epochs, GateStatus.Waiting, Reason.None) with { IsAbsence = true, Since = DateTimeOffset.MinValue, Detail = detail };

    public Pick View(LevelEntry entry, IReadOnlyList<Epoch> epochs, GateStatus status, Reason reason)
    {
        string sha = entry.Commits.Length > 0 ? entry.Commits[0] : "";
        var point = sha.Length > 0 ? map.Find(lines.Repository, sha) : null;
        var landing = (epochs.FirstOrDefault(e => point is { } at && e.Has(at)) ?? (epochs.Count > 0 ? epochs[0] : null))?.Landing;
        var commit = new CommitId(lines.Repository, sha);
        var coverage = new CoverageView
        {
            Commit = sha.Length > 0 ? commit.Key : default,
            Relation = IsExact(entry, epochs) ? CoverageRelation.Exact : landing is { Effect.How: not Effect.Landing } ? CoverageRelation.Equivalent : CoverageRelation.Ancestor,
            Waited = status == GateStatus.Passed && landing is not null ? landing.WaitedUntil(entry.At) : null,
        };
        return new Pick(entry.Register, status, reason, entry.At, commit, coverage);
    }

    public static bool IsExact(LevelEntry entry, IReadOnlyList<Epoch> epochs) => entry.Commits is [var only] && epochs.Any(e => e.Landing.Sha == only && e.Landing.Effect.How == Effect.Landing);

    private static string Where(SeriesName series) => series.Name.Length == 0 ? series.Environment.Length == 0 ? "the target" : series.Environment : $"{series.Environment}/{series.Name}";

    private static string Short(LevelEntry entry) => entry.Commits.Length == 0 ? "nothing known" : string.Join(" and ", entry.Commits.Select(static c => c[..9]));
}
