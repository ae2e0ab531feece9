using ClosedLoop.Adapters;
using ClosedLoop.Deadlines;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Reconciliation;
using ClosedLoop.Storage;

namespace ClosedLoop.Intake;

/// <summary>
/// Keeps the promise that every open item has a due row (guarantee G4): a probe per source that can be read, and the next limit
/// of its gates. Pure.
/// </summary>
internal static class DuePlan
{
    public static void Append(List<DueChange> due, Key item, ItemState? before, ItemState after, IReadOnlyList<AdapterRegistration> probing, DateTimeOffset now, bool isHistory = false)
    {
        bool watched = IsWatched(after);
        if (before is null || IsWatched(before) != watched)
        {
            foreach (var adapter in probing)
            {
                due.Add(watched ? Look(item, after, adapter, now, DueMode.AddOnly) : new DueChange { Subject = item, Kind = DueKinds.Probe + adapter.Name, DueAt = null });
            }
        }
        else if (watched)
        {
            // What is missing again is looked for as often as before it was there.
            foreach (var adapter in probing)
                if (LookInterval.IsSettled(before, adapter) && !LookInterval.IsSettled(after, adapter))
                    due.Add(Look(item, after, adapter, now, DueMode.BringForward));
        }
        if (NextSettling(after) is { } settles)
            due.Add(new DueChange { Subject = item, Kind = DueKinds.Soak, DueAt = settles });
        var deadline = NextNewDeadline(before, after, now);
        // A source that is read for the first time tells of what ran out long ago: only what runs out from now on is news.
        if (isHistory && before is null)
            due.Add(new DueChange { Subject = item, Kind = DueKinds.Sla, DueAt = NextAhead(after, now) ?? now + DeadlineWatch.QuietRecheck, Mode = DueMode.BringForward, Payload = JudgedLimits.History(now) });
        else if (deadline is not null)
            due.Add(new DueChange { Subject = item, Kind = DueKinds.Sla, DueAt = deadline, Mode = DueMode.BringForward });
        // Not as soon as no limit runs: the row remembers which ones were judged, and a gate may flap.
        else if (before is { IsClosed: false } && after.IsClosed)
            due.Add(new DueChange { Subject = item, Kind = DueKinds.Sla, DueAt = null });
    }

    /// <summary>The first look at an item's subjects in a source; a look that is planned already stays as it is.</summary>
    public static DueChange Look(ItemState item, AdapterRegistration adapter, DateTimeOffset now) => Look(Key.Item(item.Id), item, adapter, now, DueMode.AddOnly);

    private static DueChange Look(Key item, ItemState state, AdapterRegistration adapter, DateTimeOffset now, DueMode mode) => new()
    {
        Subject = item,
        Kind = DueKinds.Probe + adapter.Name,
        DueAt = LookSlots.Next(now, adapter.PollInterval, adapter.PollInterval, adapter.Name, state.Repository ?? state.Id),
        Mode = mode,
    };

    /// <summary>Whether sources are read for an item. Migrated history is not: it will not change.</summary>
    public static bool IsWatched(ItemState state) => !state.IsClosed && state.Migration is null;

    private static DateTimeOffset? NextSettling(ItemState item)
    {
        DateTimeOffset? next = null;
        for (int g = 0; g < item.Gates.Count; g++)
            if (item.Gates[g].SettlesAt is { } settles && !(next <= settles)) next = settles;
        return next;
    }

    private static DateTimeOffset? NextAhead(ItemState item, DateTimeOffset now)
    {
        var next = item.DoneBy > now ? item.DoneBy : null;
        for (int g = 0; g < item.Gates.Count; g++)
        {
            var gate = item.Gates[g];
            if (gate.StartBy > now && !(next <= gate.StartBy)) next = gate.StartBy;
            if (gate.FinishBy > now && !(next <= gate.FinishBy)) next = gate.FinishBy;
        }
        return next;
    }

    // A limit that had run out before this change was judged then; only limits that are new or still ahead set the clock.
    private static DateTimeOffset? NextNewDeadline(ItemState? before, ItemState after, DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        for (int g = 0; g < after.Gates.Count; g++)
        {
            var gate = after.Gates[g];
            var old = before?.Gate(gate.Gate);
            Consider(gate.StartBy, old?.StartBy);
            Consider(gate.FinishBy, old?.FinishBy);
        }
        Consider(after.DoneBy, before?.DoneBy);
        return next;

        void Consider(DateTimeOffset? limit, DateTimeOffset? known)
        {
            if (limit is { } at && (at > now || limit != known) && (next is null || at < next)) next = at;
        }
    }
}
