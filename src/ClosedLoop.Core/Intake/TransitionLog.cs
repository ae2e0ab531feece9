using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Storage;

namespace ClosedLoop.Intake;

/// <summary>Derives the transition log from two states of an item: everything that the record now says differently. Pure.</summary>
internal static class TransitionLog
{
    public static void Append(List<Transition> log, ItemState? before, ItemState after, DateTimeOffset now)
    {
        if (before is null)
            log.Add(new Transition { ItemId = after.Id, Kind = TransitionKind.Opened, Detail = after.Title, OccurredAt = after.OpenedAt, RecordedAt = now });
        for (int g = 0; g < after.Gates.Count; g++)
        {
            var gate = after.Gates[g];
            var old = before?.Gate(gate.Gate);
            var from = old?.Status ?? GateStatus.Waiting;
            bool changed = from != gate.Status || (old?.Reason ?? Reason.None) != gate.Reason;
            if (!changed || (old is null && !gate.HasEvidence && gate.Reason == Reason.None)) continue;
            bool lost = from == GateStatus.Passed && gate.Status != GateStatus.Passed;
            log.Add(new Transition
            {
                ItemId = after.Id,
                Kind = TransitionKind.Gate,
                Gate = gate.Gate,
                From = from,
                To = gate.Status,
                Reason = lost && gate.Reason == Reason.None ? Reason.Regressed : gate.Reason,
                Writer = gate.Writer,
                Detail = gate.Detail,
                Evidence = gate.Evidence,
                Subject = gate.Subject,
                OccurredAt = gate.HasEvidence ? gate.Since : null,
                RecordedAt = now,
            });
        }
        if (after.IsDone != (before?.IsDone ?? false))
        {
            log.Add(new Transition
            {
                ItemId = after.Id,
                Kind = after.IsDone ? TransitionKind.Completed : TransitionKind.Reopened,
                DoneDefinition = after.DoneDefinition,
                Gate = after.IsDone ? null : after.WaitingOn,
                OccurredAt = after.DoneAt,
                RecordedAt = now,
            });
        }
        if (after.Abandoned != (before?.Abandoned ?? false))
            log.Add(new Transition { ItemId = after.Id, Kind = after.Abandoned ? TransitionKind.Abandoned : TransitionKind.Resumed, RecordedAt = now });
    }
}
