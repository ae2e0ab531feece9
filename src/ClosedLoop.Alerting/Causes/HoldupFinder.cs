using ClosedLoop.Deadlines;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;
using ClosedLoop.Reconciliation;
using ClosedLoop.Storage;

namespace ClosedLoop.Alerting.Causes;

/// <summary>What holds one item up: the first of its gates whose limit ran out (those after it are inhibited), or a red line. Pure.</summary>
internal static class HoldupFinder
{
    /// <param name="record">The item.</param>
    /// <param name="pipeline">Its pipeline; null when that is not configured any more.</param>
    /// <param name="known">What held it up before: its cause stays the same while it waits at the same gate.</param>
    /// <param name="health">Which sources can be reached.</param>
    /// <param name="clock">Says when limits run out.</param>
    /// <param name="now">The instant.</param>
    public static Holdup? Find(ItemRecord record, PipelineDefinition? pipeline, Holdup? known, SourceHealth health, LimitClock clock, DateTimeOffset now)
    {
        var status = StatusView.Of(record, health, clock, now);
        var item = record.State;
        if (item.Abandoned) return null;
        foreach (var gate in item.Gates)
        {
            bool overdue = status.Overdue.Contains(gate.Gate, StringComparer.Ordinal);
            var definition = pipeline?.Gates.FirstOrDefault(g => g.Name == gate.Gate);
            bool red = CauseFinder.IsRed(gate, definition);
            if (!overdue && !red) continue;
            var cause = overdue && known is { IsOverdue: true } && known.Cause.Gate == gate.Gate ? known.Cause : CauseFinder.Find(item, gate, definition);
            return Of(item, gate, cause, overdue, red ? gate.Since : null, now);
        }
        if (!status.Overdue.Contains(ItemState.DoneClock, StringComparer.Ordinal)) return null;
        return Of(item, null, CauseFinder.Find(item, null, null), overdue: true, redSince: null, now);
    }

    private static Holdup Of(ItemState item, GateView? gate, Cause cause, bool overdue, DateTimeOffset? redSince, DateTimeOffset now) => new()
    {
        ItemId = item.Id,
        Cause = cause,
        Since = gate?.EligibleAt ?? item.Gate(Gates.Merged)?.Since ?? item.OpenedAt ?? now,
        IsOverdue = overdue,
        RedSince = redSince,
        Title = item.Title,
        Priority = item.Priority,
        Detail = gate?.Detail,
        Evidence = gate?.Evidence?.Url,
    };
}
