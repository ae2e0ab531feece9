namespace ClosedLoop.Deadlines;

/// <summary>A freeze that comes every week, from a day and time to a day and time by the clocks of a zone: no deployments from Friday noon to Monday morning.</summary>
/// <param name="TimeZone">The zone, for instance <c>TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")</c>.</param>
/// <param name="FromDay">The day on which it begins.</param>
/// <param name="FromTime">The time at which it begins.</param>
/// <param name="ToDay">The day on which it ends, the first one after its beginning.</param>
/// <param name="ToTime">The time at which it ends.</param>
public sealed record WeeklyFreeze(TimeZoneInfo TimeZone, DayOfWeek FromDay, TimeOnly FromTime, DayOfWeek ToDay, TimeOnly ToTime) : ClockRule
{
    internal override IEnumerable<ClockPause> PausesFrom(DateTimeOffset from)
    {
        int days = ((int)ToDay - (int)FromDay + 7) % 7;
        if (days == 0 && ToTime <= FromTime) days = 7;
        var day = ZonedTime.DateOf(TimeZone, from).AddDays(-8);
        day = day.AddDays(((int)FromDay - (int)day.DayOfWeek + 7) % 7);
        for (int week = 0; week < MaxDays / 7; week++, day = day.AddDays(7))
        {
            var pause = new ClockPause(ZonedTime.First(TimeZone, day, FromTime), ZonedTime.Last(TimeZone, day.AddDays(days), ToTime), Reason ?? "weekly freeze");
            if (pause.To > from) yield return pause;
        }
    }

    internal override string? Mistake() =>
        TimeZone is null ? "has no time zone; use TimeZoneInfo.FindSystemTimeZoneById(\"Europe/Berlin\")"
        : !Enum.IsDefined(FromDay) || !Enum.IsDefined(ToDay) ? "has a day that is none; use DayOfWeek.Friday"
        : FromDay == ToDay && FromTime == ToTime ? "lasts the whole week; use a FreezeWindow without an end"
        : base.Mistake();
}
