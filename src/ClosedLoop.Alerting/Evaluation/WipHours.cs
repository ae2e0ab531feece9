using System.Collections.Immutable;

namespace ClosedLoop.Alerting.Evaluation;

/// <summary>How many items of a pipeline came in and left, hour by hour. Pure.</summary>
/// <param name="Hour">The hour that is being counted, in whole hours since 1970.</param>
/// <param name="Arrived">How many came in during it.</param>
/// <param name="Left">How many were done or abandoned during it.</param>
internal sealed record WipHours(long Hour, int Arrived, int Left)
{
    /// <summary>How many more came in than left, for each of the last full hours in a row in which more did; the newest last.</summary>
    public ImmutableArray<int> Rising { get; init; } = [];

    /// <summary>When the first of these hours began; null when there is none.</summary>
    public DateTimeOffset? Since => Rising.IsEmpty ? null : DateTimeOffset.UnixEpoch.AddHours(Hour - Rising.Length);

    public static WipHours Begin(DateTimeOffset now) => new(HourOf(now), 0, 0);

    public WipHours Count(DateTimeOffset at, int arrived, int left)
    {
        var current = At(at);
        return current with { Arrived = current.Arrived + arrived, Left = current.Left + left };
    }

    /// <summary>The same, with the hours closed that are over by then.</summary>
    public WipHours At(DateTimeOffset now)
    {
        long hour = HourOf(now);
        if (hour <= Hour) return this;
        int more = Arrived - Left;
        // An hour in which nothing came in ends the rise.
        var rising = more > 0 && hour == Hour + 1 ? Rising.Add(more) : [];
        const int Kept = 24 * 7;
        return new WipHours(hour, 0, 0) { Rising = rising.Length > Kept ? rising.RemoveAt(0) : rising };
    }

    private static long HourOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / 3600;
}
