namespace ClosedLoop.Deadlines;

/// <summary>A span in which a clock stands still.</summary>
/// <param name="From">The first instant of it.</param>
/// <param name="To">The first instant after it; <see cref="DateTimeOffset.MaxValue"/> when its end is not known.</param>
/// <param name="Reason">Why, in a few words for people; null when there is nothing to say.</param>
public readonly record struct ClockPause(DateTimeOffset From, DateTimeOffset To, string? Reason = null);
