using ClosedLoop.Facts;
using ClosedLoop.Items;

namespace ClosedLoop.AspNetCore.Dashboard.Text;

/// <summary>How a gate of an item is shown. Pure.</summary>
internal static class GateMarks
{
    public static StatusMark Of(GateView gate, bool isOverdue = false)
    {
        var mark = Of(gate.Status, gate.Reason);
        return !isOverdue || gate.Holds ? mark : new StatusMark(mark.Tone == Tone.Bad ? mark.Icon : Icons.Late, mark.Word + ", overdue", Tone.Bad);
    }

    public static StatusMark Of(GateStatus status, Reason reason) => (status, reason) switch
    {
        (GateStatus.Passed, Reason.CoveredBy) => new(Icons.Passed, "passed, covered", Tone.Good),
        (GateStatus.Passed, Reason.Recorded) => new(Icons.Hand, "recorded by hand", Tone.Good),
        (GateStatus.Passed, Reason.Migrated) => new(Icons.Passed, "passed, migrated", Tone.Good),
        (GateStatus.Passed, _) => new(Icons.Passed, "passed", Tone.Good),
        (GateStatus.NotApplicable, Reason.Waived) => new(Icons.Waived, "waived", Tone.Quiet),
        (GateStatus.NotApplicable, Reason.AddedLater) => new(Icons.None, "added later", Tone.Quiet),
        (GateStatus.NotApplicable, Reason.Baseline) => new(Icons.None, "before tracking began", Tone.Quiet),
        (GateStatus.NotApplicable, _) => new(Icons.None, "not applicable", Tone.Quiet),
        (GateStatus.Running, Reason.Partial) => new(Icons.Running, "running, partial", Tone.Busy),
        (GateStatus.Running, Reason.Soaking) => new(Icons.Running, "soaking", Tone.Busy),
        (GateStatus.Running, _) => new(Icons.Running, "running", Tone.Busy),
        (GateStatus.Failed, Reason.Regressed) => new(Icons.Regressed, "regressed", Tone.Bad),
        (GateStatus.Failed, Reason.Lost) => new(Icons.Regressed, "lost", Tone.Bad),
        (GateStatus.Failed, Reason.Vetoed) => new(Icons.Failed, "vetoed", Tone.Bad),
        (GateStatus.Failed, Reason.Misconfigured) or (_, Reason.Misconfigured) => new(Icons.Failed, "misconfigured", Tone.Bad),
        (GateStatus.Failed, _) => new(Icons.Failed, "failed", Tone.Bad),
        (_, Reason.Blind) => new(Icons.Blind, "blind", Tone.Warn),
        (_, Reason.None) => new(Icons.Waiting, "waiting", Tone.Quiet),
        (_, Reason.Partial) => new(Icons.Waiting, "waiting, partial", Tone.Quiet),
        (_, Reason.AwaitingApproval) => new(Icons.Waiting, "waiting for an approval", Tone.Warn),
        (_, Reason.Unrecognized) => new(Icons.Blind, "waiting, value not known", Tone.Warn),
        (_, var other) => new(Icons.Waiting, $"waiting, {Names.Of(other).ToLowerInvariant()}", Tone.Quiet),
    };
}
