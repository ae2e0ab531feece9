namespace ClosedLoop.Deadlines;

/// <summary>Instants of wall-clock times in a zone whose clocks are put forward and back. Pure.</summary>
internal static class ZonedTime
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Earliest = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(9900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The first instant at which clocks show a time or, where they jump over it, the instant of the jump.</summary>
    public static DateTimeOffset First(TimeZoneInfo zone, DateOnly date, TimeOnly time) => Instant(zone, date, time, first: true);

    /// <summary>The last instant at which clocks show a time or, where they jump over it, the instant of the jump.</summary>
    public static DateTimeOffset Last(TimeZoneInfo zone, DateOnly date, TimeOnly time) => Instant(zone, date, time, first: false);

    /// <summary>The day that clocks show. Instants far outside of anybody's time are read as its edge, so that days around it exist.</summary>
    public static DateOnly DateOf(TimeZoneInfo zone, DateTimeOffset instant) =>
        instant < Earliest ? DateOnly.FromDateTime(Earliest.DateTime) : instant > Latest ? DateOnly.FromDateTime(Latest.DateTime) : DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    private static DateTimeOffset Instant(TimeZoneInfo zone, DateOnly date, TimeOnly time, bool first)
    {
        var local = date.ToDateTime(time);
        // Clocks are put forward at a whole minute: the first time that exists again is the jump itself.
        while (zone.IsInvalidTime(local)) local = new DateTime(local.Ticks - (local.Ticks % Step.Ticks), DateTimeKind.Unspecified) + Step;
        if (!zone.IsAmbiguousTime(local)) return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
        var offsets = zone.GetAmbiguousTimeOffsets(local);
        return new DateTimeOffset(local, first ? offsets.Max() : offsets.Min()).ToUniversalTime();
    }
}
