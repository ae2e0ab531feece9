using ClosedLoop.Deadlines;
using ClosedLoop.Diagnostics;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Reconciliation;
using ClosedLoop.Storage;

namespace ClosedLoop.Hosting;

/// <summary>What a reader is shown of a stored item at an instant: overdue limits, blind gates and the sentence. Pure.</summary>
internal static class StatusView
{
    public static LoopStatus Of(ItemRecord record, SourceHealth health, LimitClock clock, DateTimeOffset now)
    {
        var state = Shade(record.State, health);
        var waiting = state.WaitingOn is { } gate ? health.BlindFor(gate) : null;
        return new LoopStatus
        {
            State = state,
            Why = Explanation.Of(state, now, record.NextProbeAt, waiting, clock),
            Overdue = [.. ItemLimit.Of(record.State).Where(l => IsOverdue(record.State, l, health, clock, now)).Select(static l => l.Name).Distinct()],
            NextLookAt = record.NextProbeAt,
            UpdatedAt = record.UpdatedAt,
        };
    }

    // A gate that cannot be seen, or was not yet looked at since the start, is not in breach; and the time for which it could not be seen or was frozen does not count.
    private static bool IsOverdue(ItemState item, in ItemLimit limit, SourceHealth health, LimitClock clock, DateTimeOffset now)
    {
        if (limit.At > now) return false;
        if (limit.Gate is { } gate && (health.BlindFor(gate.Gate) is not null || health.IsUnread(gate.Gate, now))) return false;
        return clock.RunsOutAt(item, limit, now) <= now;
    }

    // Blindness is shown over the record, not in it: it says something of the source, not of the item.
    private static ItemState Shade(ItemState state, SourceHealth health)
    {
        GateView[]? gates = null;
        for (int i = 0; i < state.Gates.Count; i++)
        {
            var gate = state.Gates[i];
            if (gate.Status != GateStatus.Waiting || gate.Reason != Reason.None || gate.EligibleAt is null || health.BlindFor(gate.Gate) is not { } blind) continue;
            gates ??= [.. state.Gates];
            gates[i] = gate with { Reason = Reason.Blind, Detail = $"{blind.Source}: {blind.Detail}" };
        }
        return gates is null ? state : state with { Gates = gates };
    }
}
