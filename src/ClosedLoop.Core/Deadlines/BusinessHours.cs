namespace ClosedLoop.Deadlines;

/// <summary>
/// Working hours by the clocks of a zone: outside of them the clocks of the gates that people move stand still. Mostly for reviews;
/// machines work at night.
/// </summary>
/// <param name="TimeZone">The zone, for instance <c>TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")</c>.</param>
/// <param name="Days">The working days.</param>
/// <param name="Opens">When a working day begins.</param>
/// <param name="Closes">When it ends, on the same day; <see cref="TimeOnly.MinValue"/> is midnight at its end.</param>
/// <param name="Holidays">Days that are none although their weekday is one. Null: none.</param>
public sealed record BusinessHours(TimeZoneInfo TimeZone, IReadOnlyCollection<DayOfWeek> Days, TimeOnly Opens, TimeOnly Closes, IReadOnlyCollection<DateOnly>? Holidays = null) : ClockRule
{
    /// <summary>Monday to Friday.</summary>
    public static readonly IReadOnlyCollection<DayOfWeek> Weekdays = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    internal override IEnumerable<ClockPause> PausesFrom(DateTimeOffset from)
    {
        var cursor = from;
        var day = ZonedTime.DateOf(TimeZone, from).AddDays(-1);
        for (int i = 0; i < MaxDays; i++, day = day.AddDays(1))
        {
            if (!Days.Contains(day.DayOfWeek) || Holidays?.Contains(day) == true) continue;
            var closes = ZonedTime.Last(TimeZone, Closes == TimeOnly.MinValue ? day.AddDays(1) : day, Closes);
            if (closes <= cursor) continue;
            var opens = ZonedTime.First(TimeZone, day, Opens);
            if (opens > cursor) yield return new ClockPause(cursor, opens, Reason ?? "outside business hours");
            cursor = closes;
        }
        yield return new ClockPause(cursor, DateTimeOffset.MaxValue, Reason ?? "outside business hours");
    }

    internal override string? Mistake() =>
        TimeZone is null ? "have no time zone; use TimeZoneInfo.FindSystemTimeZoneById(\"Europe/Berlin\")"
        : Days is not { Count: > 0 } || !Days.All(Enum.IsDefined) ? "have no working day; use BusinessHours.Weekdays"
        : Closes != TimeOnly.MinValue && Closes <= Opens ? $"close at {Closes:HH:mm} and open at {Opens:HH:mm}; a day's hours end on that day, at the latest at 00:00"
        : base.Mistake();
}
