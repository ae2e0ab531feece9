using ClosedLoop.Storage;

namespace ClosedLoop.Deadlines;

/// <summary>What a limit that ran out leads to besides the entry in the transition log.</summary>
/// <param name="TellsSinks">Whether each sink is told of each item; off when incidents group them.</param>
/// <param name="Wakes">Makes the row due at which somebody else goes on from the transition; null when nobody does.</param>
internal sealed record OverdueHandling(bool TellsSinks, Func<DateTimeOffset, DueChange>? Wakes)
{
    public static OverdueHandling Default { get; } = new(TellsSinks: true, Wakes: null);
}
