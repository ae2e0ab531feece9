namespace ClosedLoop.Insights.Timelines;

/// <summary>A stretch of time that an item spent waiting at one gate. An item that is open waits at exactly one at any time.</summary>
/// <param name="Gate">The gate; null when none is missing and the item is open all the same.</param>
/// <param name="IsOpen">Whether the item was open (neither done nor abandoned): only then it was work in progress.</param>
/// <param name="From">When it began.</param>
/// <param name="To">When it ended; null: it has not. Equal to <paramref name="From"/> for a gate that held already when its turn came.</param>
/// <param name="End">How it ended.</param>
public sealed record Visit(string? Gate, bool IsOpen, DateTimeOffset From, DateTimeOffset? To, VisitEnd End)
{
    /// <summary>How much of it lies between two instants.</summary>
    public TimeSpan Within(DateTimeOffset from, DateTimeOffset to)
    {
        var begin = From > from ? From : from;
        var end = To is { } ended && ended < to ? ended : to;
        return end > begin ? end - begin : TimeSpan.Zero;
    }
}
