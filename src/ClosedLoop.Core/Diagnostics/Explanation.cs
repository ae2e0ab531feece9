using System.Globalization;
using System.Text;
using ClosedLoop.Deadlines;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Reconciliation;

namespace ClosedLoop.Diagnostics;

/// <summary>Says in one sentence what an item is waiting for, since when, and what is known of it. Pure.</summary>
internal static class Explanation
{
    public static string Of(ItemState state, DateTimeOffset now, DateTimeOffset? nextLook, SourceStatus? blind, LimitClock? clock = null)
    {
        if (state.IsDone) return Done(state);
        if (state.Abandoned) return $"abandoned: {Plural(state.Changes.Count, "change")} closed without being merged; open a new change or waive the gates.";
        if (state.WaitingOn is not { } name || state.Gate(name) is not { } gate) return "nothing is known of it yet.";

        // What holds it up comes first: a gate that nothing has reached yet can only wait for the one before it. That a pull request is
        // not merged yet is a fact too, and says no more than the lack of one.
        string wanted = name;
        if ((!gate.HasEvidence || gate is { Status: GateStatus.Waiting, Reason: Reason.None }) && gate.EligibleAt is null && Blocker(state, name) is { } blocker) (name, gate) = (blocker.Gate, blocker);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{name}: {(gate.Reason == Reason.Blind ? "waiting" : Word(gate))}");
        if (gate.Since is { } since) text.Append(CultureInfo.InvariantCulture, $" since {Instant(since, now)}");
        if (gate.Writer is { } writer) text.Append(CultureInfo.InvariantCulture, $" ({writer})");
        if (gate.Detail is not null && gate.Reason != Reason.Blind) text.Append(CultureInfo.InvariantCulture, $"; {gate.Detail}");
        if (gate.RefusedWriters is { Count: > 0 } refused) text.Append(CultureInfo.InvariantCulture, $"; {string.Join(", ", refused)} may not write it");
        if (blind is not null) text.Append(CultureInfo.InvariantCulture, $"; blind: {blind.Source} cannot be reached since {Instant(blind.BlindSince ?? now, now)}{(blind.Detail is null ? "" : $" ({blind.Detail})")}");
        // While nothing can be seen the clock says nothing either.
        if (blind is null) text.Append(Due(state, gate, now, clock));
        if (wanted != name) text.Append(CultureInfo.InvariantCulture, $"; {wanted} comes after it");
        if (nextLook is { } look) text.Append(CultureInfo.InvariantCulture, $"; next look {(look <= now ? "now" : Instant(look, now))}");
        return text.ToString();
    }

    private static string Due(ItemState state, GateView gate, DateTimeOffset now, LimitClock? clock)
    {
        if (gate.FinishBy is null) return "";
        var limit = ItemLimit.Of(state).First(l => l.Name == gate.Gate && l.Clock == ItemLimit.Finish);
        var end = clock?.RunsOutAt(state, limit, now) ?? limit.At;
        if (now >= end) return $"; overdue by {Span(now - end)}";
        string due = end == PausableClock.Never ? "" : $"; due in {Span(end - now)}";
        return clock?.PauseAt(state, limit, now) is { } pause ? $"{due}; its clock stands still{(pause.Reason is null ? "" : $": {pause.Reason}")}" : due;
    }

    /// <summary>A span for people: 45 s, 12 min, 3 h 5 min, 2 d 4 h.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 90 } => $"{Math.Max(0, span.TotalSeconds):0} s",
        { TotalMinutes: < 90 } => $"{span.TotalMinutes:0} min",
        { TotalHours: < 36 } => $"{(int)span.TotalHours} h {span.Minutes} min",
        _ => $"{(int)span.TotalDays} d {span.Hours} h",
    };

    private static string Done(ItemState state)
    {
        var notes = state.Gates.Where(static g => g.Reason is Reason.Waived or Reason.Recorded or Reason.Migrated or Reason.AddedLater)
            .Select(static g => $"{g.Gate} {Word(g)}{(g.Writer is { } w ? $" by {w}" : "")}{(g.Detail is null ? "" : $" ({g.Detail})")}");
        notes = notes.Concat(state.Gates.Select(Released).OfType<string>());
        string by = string.Join("; ", notes);
        string text = $"done ({state.DoneDefinition})";
        if (state.DoneAt is { } at) text += $" since {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC";
        return by.Length == 0 ? text + "." : $"{text}; {by}.";
    }

    // Who made the line green for those that landed before: worth knowing when it was red.
    private static string? Released(GateView gate)
    {
        if (gate.Status != GateStatus.Passed || gate.Coverage is not { ReleasedBy: { } by } coverage) return null;
        string red = coverage.LandedOnRed ? ", having landed on red" : "";
        string waited = coverage.Waited is { } wait && wait > TimeSpan.Zero ? $" after {Span(wait)}" : "";
        return $"{gate.Gate} released by {by}{waited}{red}";
    }

    private static GateView? Blocker(ItemState state, string name) =>
        state.Gates.TakeWhile(g => g.Gate != name).FirstOrDefault(static g => !g.Holds && g.Reason != Reason.Skipped);

    private static string Word(GateView gate) => (gate.Status, gate.Reason) switch
    {
        (GateStatus.Waiting, Reason.None) => "waiting",
        (GateStatus.Waiting, _) => $"waiting, {Spoken(gate.Reason)}",
        (GateStatus.NotApplicable, Reason.Waived) => "waived",
        (GateStatus.NotApplicable, Reason.AddedLater) => "added later",
        (GateStatus.NotApplicable, Reason.Baseline) => "before tracking began",
        (GateStatus.Failed, Reason.Regressed or Reason.Lost or Reason.Vetoed) => Spoken(gate.Reason),
        (GateStatus.Running, Reason.Partial or Reason.Soaking) => Spoken(gate.Reason),
        (GateStatus.NotApplicable, _) => "not applicable",
        (GateStatus.Passed, Reason.Recorded) => "recorded by hand",
        (GateStatus.Passed, Reason.Migrated) => "migrated",
        _ => gate.Status.ToString().ToLowerInvariant(),
    };

    private static string Spoken(Reason reason) => reason switch
    {
        Reason.AwaitingApproval => "awaiting an approval",
        Reason.Unrecognized => "the source sent a value that this version does not know",
        Reason.Misconfigured => "misconfigured",
        _ => reason.ToString().ToLowerInvariant(),
    };

    private static string Instant(DateTimeOffset at, DateTimeOffset now) =>
        at.UtcDateTime.Date == now.UtcDateTime.Date ? $"{at.UtcDateTime:HH:mm}" : $"{at.UtcDateTime:yyyy-MM-dd HH:mm}";

    private static string Plural(int count, string noun) => count == 1 ? $"its {noun} was" : $"all {count} {noun}s were";
}
