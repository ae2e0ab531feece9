using ClosedLoop.Insights.Timelines;

namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>
/// What one item brings to the roll-up: a pure function of its part of the log. The roll-up is the sum over all items, so it does not matter in which steps the log is
/// read, and what an item brought can be taken away again exactly.
/// </summary>
internal static class Contribution
{
    public const string BeforeOpened = "done-before-opened";
    public const string NotApplicable = "not-applicable";
    public const string PassedOver = "passed-over";
    public const string WentBack = "went-back";
    public const string Closed = "closed";

    public static void Write(ItemTimeline timeline, Ledger ledger)
    {
        WriteTurns(timeline, ledger);
        if (Earliest(timeline.PullRequestOpenedAt, timeline.MergedAt) is { } declared) ledger.Count(declared, CountKind.Declared);
        if (timeline.MergedAt is { } merged) ledger.Count(merged, CountKind.Merged);
        foreach (var visit in timeline.Visits)
        {
            if (visit.Gate is not { } gate) continue;
            if (visit.To is not { } left) ledger.Value(visit.IsOpen ? SeriesNames.Wait(gate) : SeriesNames.After(gate), visit.From, visit.From.ToUnixTimeMilliseconds());
            else if (visit.End == VisitEnd.Passed) ledger.Value(SeriesNames.Time(gate), left, (long)(left - visit.From).TotalMilliseconds);
            else ledger.Exclude(SeriesNames.Time(gate), left, Reason(visit.End));
        }
        if (timeline is { IsOpen: true, MergedSince: { } since }) ledger.Value(SeriesNames.Merged, since, since.ToUnixTimeMilliseconds());
    }

    private static void WriteTurns(ItemTimeline timeline, Ledger ledger)
    {
        bool isOpen = false;
        long opened = timeline.OpenedAt.ToUnixTimeSeconds();
        foreach (var turn in timeline.Turns)
        {
            ledger.Count(turn.At, turn.Kind switch
            {
                TurnKind.Opened => CountKind.Opened,
                TurnKind.Done => CountKind.Done,
                TurnKind.DoneAgain => CountKind.DoneAgain,
                TurnKind.Reopened => CountKind.Reopened,
                TurnKind.Abandoned => CountKind.Abandoned,
                _ => CountKind.Resumed,
            });
            if (turn.Opens != isOpen) ledger.Count(turn.At, CountKind.OpenSince, turn.Opens ? opened : -opened);
            isOpen = turn.Opens;
            if (turn.Kind != TurnKind.Done) continue;
            if (timeline.IsDone) ledger.Count(turn.At, CountKind.StillDone);
            if (timeline.DoneAt < timeline.OpenedAt) ledger.Exclude(SeriesNames.Lead, turn.At, BeforeOpened);
            else ledger.Value(SeriesNames.Lead, turn.At, (long)(turn.At - timeline.OpenedAt).TotalMilliseconds);
        }
    }

    private static string Reason(VisitEnd end) => end switch
    {
        VisitEnd.NotApplicable => NotApplicable,
        VisitEnd.PassedOver => PassedOver,
        VisitEnd.WentBack => WentBack,
        _ => Closed,
    };

    private static DateTimeOffset? Earliest(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null || a < b ? a : b;
}
