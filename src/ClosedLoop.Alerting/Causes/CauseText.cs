using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Diagnostics;

namespace ClosedLoop.Alerting.Causes;

/// <summary>Says of a cause what it is, what it holds up and what unblocks it. Pure.</summary>
internal static class CauseText
{
    private const int MaxDetail = 300;

    public static string Title(Cause cause, bool isRed) => cause.Kind switch
    {
        CauseKinds.Line when isRed => $"{cause.Gate} is red on {Line(cause)}",
        CauseKinds.Line => $"{cause.Gate} is late on {Line(cause)}",
        CauseKinds.Environment => $"{cause.Gate} is late {(cause.Environment is { } environment ? $"in {environment}" : $"for {cause.Repository}")}",
        CauseKinds.Configuration => $"{cause.Gate} cannot pass as configured{Of(cause)}",
        CauseKinds.NotDone => $"merged long ago and not done{Of(cause)}",
        CauseKinds.Source => $"{cause.Source} cannot be reached",
        CauseKinds.Sink => $"{cause.Source} takes no notices",
        CauseKinds.RisingWip => $"more work comes in than leaves ({cause.Key[(CauseKinds.RisingWip.Length + 1)..]})",
        _ => $"{cause.Gate} is late{Of(cause)}",
    };

    public static string Summary(Cause cause, bool isRed, int count, Holdup? oldest, DateTimeOffset since, DateTimeOffset now)
    {
        string text = $"{Title(cause, isRed)} since {since.UtcDateTime:yyyy-MM-dd HH:mm} UTC ({Explanation.Span(now - since)})";
        if (count > 0) text += count == 1 ? "; 1 item waits" : $"; {count} items wait";
        if (oldest is not null)
        {
            text += count == 1 ? $": {oldest.ItemId}" : $", {oldest.ItemId} the longest";
            if (oldest.Title is { Length: > 0 } title && title != oldest.ItemId) text += $" ({Cut(title)})";
            if (oldest.Detail is { Length: > 0 } detail) text += $"; {Cut(detail)}";
        }
        return text + ".";
    }

    public static string NextAction(Cause cause, bool isRed) => cause.Kind switch
    {
        CauseKinds.Line when isRed => $"Repair or revert what broke {Line(cause)}; one green run releases all of them.",
        CauseKinds.Line => $"See whether {cause.Gate} was started for {Line(cause)} at all; one run at its head covers all of them.",
        CauseKinds.Environment => $"Look at the rollout{(cause.Environment is { } environment ? $" of {environment}" : "")}: finish it, repair it or roll it back.",
        CauseKinds.Configuration => $"Correct {cause.Gate} in the pipeline or at its source, or waive it.",
        CauseKinds.NotDone => "Read why the oldest one is not done, and deliver, waive or abandon it.",
        CauseKinds.Source => $"See whether {cause.Source} is up and its credentials are still good; until then its gates are blind.",
        CauseKinds.Sink => $"Mend the sink {cause.Source}; what it has not taken waits for it.",
        CauseKinds.RisingWip => "Find the gate that is the slowest now, and finish what is begun before more is started.",
        _ => cause.Gate == Gates.Reviewed ? "Ask another reviewer, or see whether the reviewer agent still runs." : $"See who writes {cause.Gate}{Of(cause)}, and why nothing came.",
    };

    public static string Cut(string text) => text.Length <= MaxDetail ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[MaxDetail - 1]) ? MaxDetail - 1 : MaxDetail), "…");

    private static string Line(Cause cause) => cause.Branch is null ? cause.Repository ?? "its line" : $"{cause.Repository} {cause.Branch}";

    private static string Of(Cause cause) => cause.Repository is null ? "" : $" of {cause.Repository}";
}
