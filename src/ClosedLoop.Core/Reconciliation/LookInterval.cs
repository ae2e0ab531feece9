using ClosedLoop.Adapters;
using ClosedLoop.Items;
using ClosedLoop.Storage;

namespace ClosedLoop.Reconciliation;

/// <summary>
/// How long to wait between two looks at an item: short after something happened, longer when it is quiet, rare when nothing of the source
/// is missing, and next to never when it has been done for a day. Pure.
/// </summary>
internal static class LookInterval
{
    /// <summary>For items of which nothing is missing.</summary>
    public static readonly TimeSpan LongestSettled = TimeSpan.FromMinutes(15);

    /// <summary>Done and unchanged for so long: what would undo it is told by webhooks, sweeps and its line.</summary>
    public static readonly TimeSpan RestsAfter = TimeSpan.FromDays(1);

    /// <summary>The same at a source whose gates all hold. When those of the other sources hold too it is not looked at any more; what one of them still lacks is not asked of this one.</summary>
    public static readonly TimeSpan ToldRestsAfter = TimeSpan.FromHours(1);

    /// <summary>
    /// Then it is looked at so rarely, and from then on each time after twice as long: the looks at what was done last year must not
    /// outnumber those at what is open. Not never: what every one of those missed is still found.
    /// </summary>
    public static readonly TimeSpan Resting = TimeSpan.FromDays(7);

    /// <summary>An item is quiet when for so many poll intervals nothing happened to it.</summary>
    private const int QuietAfter = 10;

    /// <param name="item">The item; null when it is not known (any more).</param>
    /// <param name="quietFor">How long nothing has happened to it.</param>
    /// <param name="adapter">The source.</param>
    /// <param name="stretch">How much longer than the adapter says the quiet ones wait while its budget does not pay for more; 1 or more.</param>
    public static TimeSpan Of(ItemState? item, TimeSpan quietFor, AdapterRegistration adapter, double stretch = 1)
    {
        var poll = adapter.PollInterval;
        if (item is null) return poll;
        if (item.IsDone && quietFor >= (HasTold(item, adapter) ? ToldRestsAfter : RestsAfter)) return Longest(poll, Longest(Resting, quietFor));
        var quiet = Longest(poll, Shortest(quietFor / QuietAfter, adapter.LongestInterval * stretch));
        // A source that has told all it is asked for is never asked more often than one of which something is missing.
        return IsSettled(item, adapter) ? Longest(quiet, Shortest(poll * 10, LongestSettled)) : quiet;
    }

    /// <summary>
    /// How long nothing has happened to an item, by the evidence's own times: what is read for the first time is not new for that.
    /// </summary>
    public static TimeSpan QuietFor(ItemRecord record, DateTimeOffset now)
    {
        DateTimeOffset? last = record.State.OpenedAt;
        foreach (var gate in record.State.Gates)
            if (gate.HasEvidence && gate.Since is { } since && !(since <= last)) last = since;
        var at = last ?? record.UpdatedAt;
        return at < now ? now - at : TimeSpan.Zero;
    }

    /// <summary>Whether nothing of a source is missing.</summary>
    public static bool IsSettled(ItemState item, AdapterRegistration adapter) => item.IsDone || HasTold(item, adapter);

    // Whether every gate that the source feeds holds, and there is one.
    private static bool HasTold(ItemState item, AdapterRegistration adapter)
    {
        bool any = false;
        foreach (var gate in item.Gates)
        {
            if (adapter.Gates.IsDefaultOrEmpty || !adapter.Gates.Contains(gate.Gate, StringComparer.Ordinal)) continue;
            if (!gate.Holds) return false;
            any = true;
        }
        return any;
    }

    private static TimeSpan Shortest(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Longest(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
