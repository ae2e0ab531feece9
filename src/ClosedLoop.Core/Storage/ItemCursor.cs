using System.Globalization;
using ClosedLoop.Items;

namespace ClosedLoop.Storage;

/// <summary>
/// The place of an item in a list: where its page ended. By value and not by count, so that it stays right while items come, go and move; a store need not know it.
/// </summary>
/// <param name="Ticks">What the list is ordered by, in ticks of UTC; <see cref="Unknown"/> when that is not known.</param>
/// <param name="Id">The item's id.</param>
public readonly record struct ItemCursor(long Ticks, string Id)
{
    /// <summary>Stands for an instant that is not known, after all that are.</summary>
    public const long Unknown = long.MaxValue;

    // A cursor of one order is not taken for one of the other.
    private const string Waiting = "w";

    /// <summary>Since when an open item waits, as lists are ordered by it; <see cref="Unknown"/> when that is not known.</summary>
    public static long WaitingTicks(ItemState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.WaitingSince()?.UtcTicks ?? Unknown;
    }

    /// <summary>The text of the place of an item in a list of this order.</summary>
    public static string Write(ItemOrder order, ItemRecord last)
    {
        ArgumentNullException.ThrowIfNull(last);
        return order == ItemOrder.LongestWaiting
            ? string.Create(CultureInfo.InvariantCulture, $"{Waiting}{WaitingTicks(last.State)}.{last.State.Id}")
            : string.Create(CultureInfo.InvariantCulture, $"{last.UpdatedAt.UtcTicks}.{last.State.Id}");
    }

    /// <summary>Reads a query's cursor; null when it has none.</summary>
    /// <exception cref="ArgumentException">It is none, or one of another order.</exception>
    public static ItemCursor? Read(ItemQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Cursor is not { } cursor) return null;
        string prefix = query.Order == ItemOrder.LongestWaiting ? Waiting : "";
        int dot = cursor.IndexOf('.', StringComparison.Ordinal);
        return dot > prefix.Length && cursor.StartsWith(prefix, StringComparison.Ordinal) && long.TryParse(cursor.AsSpan(prefix.Length, dot - prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)
            ? new ItemCursor(ticks, cursor[(dot + 1)..])
            : throw new ArgumentException($"'{cursor}' is no cursor of a page of items in this order: pass the NextCursor of the page before, or null for the first page.", nameof(query));
    }
}
