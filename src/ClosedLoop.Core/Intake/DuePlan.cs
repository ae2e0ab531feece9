using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Storage;

namespace ClosedLoop.Intake;

/// <summary>
/// Keeps the promise that every open item has a due row (guarantee G4): a probe per source that can be read, and the next limit
/// of its gates. Pure.
/// </summary>
internal static class DuePlan
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(15);

    public static void Append(List<DueChange> due, ItemState? before, ItemState after, IReadOnlyList<AdapterRegistration> probing, DateTimeOffset now)
    {
        var item = Key.Item(after.Id);
        bool watched = IsWatched(after);
        if (before is null || IsWatched(before) != watched)
        {
            foreach (var adapter in probing)
            {
                due.Add(watched ? Look(item, adapter, now) : new DueChange { Subject = item, Kind = DueKinds.Probe + adapter.Name, DueAt = null });
            }
        }
        else if (watched)
        {
            // What is missing again is looked for as often as before it was there.
            foreach (var adapter in probing)
                if (IsSettled(before, adapter) && !IsSettled(after, adapter))
                    due.Add(Look(item, adapter, now) with { Mode = DueMode.BringForward });
        }
        if (after.Gates.Min(static g => g.SettlesAt) is { } settles)
            due.Add(new DueChange { Subject = item, Kind = DueKinds.Soak, DueAt = settles });
        var deadline = NextNewDeadline(before, after, now);
        if (deadline is not null)
            due.Add(new DueChange { Subject = item, Kind = DueKinds.Sla, DueAt = deadline, Mode = DueMode.BringForward });
        // Not as soon as no limit runs: the row remembers which ones were judged, and a gate may flap.
        else if (before is { IsClosed: false } && after.IsClosed)
            due.Add(new DueChange { Subject = item, Kind = DueKinds.Sla, DueAt = null });
    }

    /// <summary>The first look at an item's subjects in a source; a look that is planned already stays as it is.</summary>
    public static DueChange Look(Key item, AdapterRegistration adapter, DateTimeOffset now) => new()
    {
        Subject = item,
        Kind = DueKinds.Probe + adapter.Name,
        DueAt = now + Jitter.Spread(adapter.PollInterval, item.Value),
        Mode = DueMode.AddOnly,
    };

    /// <summary>
    /// The time between two looks at an item in a source: ten times the poll interval, at most 15 minutes, when nothing of the source is
    /// missing. Webhooks and sweeps tell of a step back sooner.
    /// </summary>
    public static TimeSpan Interval(ItemState? item, AdapterRegistration adapter)
    {
        if (item is null || !IsSettled(item, adapter) || adapter.PollInterval >= LongestInterval) return adapter.PollInterval;
        var rare = adapter.PollInterval * 10;
        return rare < LongestInterval ? rare : LongestInterval;
    }

    private static bool IsSettled(ItemState item, AdapterRegistration adapter)
    {
        if (item.IsDone) return true;
        bool any = false;
        foreach (var gate in item.Gates)
        {
            if (adapter.Gates.IsDefaultOrEmpty || !adapter.Gates.Contains(gate.Gate, StringComparer.Ordinal)) continue;
            if (!gate.Holds) return false;
            any = true;
        }
        return any;
    }

    /// <summary>Whether sources are read for an item. Migrated history is not: it will not change.</summary>
    public static bool IsWatched(ItemState state) => !state.IsClosed && state.Migration is null;

    // A limit that had run out before this change was judged then; only limits that are new or still ahead set the clock.
    private static DateTimeOffset? NextNewDeadline(ItemState? before, ItemState after, DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        foreach (var gate in after.Gates)
        {
            var old = before?.Gate(gate.Gate);
            Consider(gate.StartBy, old?.StartBy);
            Consider(gate.FinishBy, old?.FinishBy);
        }
        return next;

        void Consider(DateTimeOffset? limit, DateTimeOffset? known)
        {
            if (limit is { } at && (at > now || limit != known) && (next is null || at < next)) next = at;
        }
    }
}
