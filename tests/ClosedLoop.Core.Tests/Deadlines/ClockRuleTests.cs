using System.Globalization;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Deadlines;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Core.Tests.Deadlines;

public sealed class ClockRuleTests
{
    private static readonly TimeZoneInfo Berlin = Zone("Europe/Berlin");

    // Clocks go forward on 2026-03-29 at 02:00 and back on 2026-10-25 at 03:00 in Berlin; at Lord Howe by half an hour on 2026-04-05 and 2026-10-04.
    [Theory]
    [InlineData("Europe/Berlin", "2026-03-27T16:00:00+01:00", 120, "2026-03-30T10:00:00+02:00")]
    [InlineData("Europe/Berlin", "2026-10-23T16:00:00+02:00", 120, "2026-10-26T10:00:00+01:00")]
    [InlineData("Asia/Kolkata", "2026-01-05T16:45:00+05:30", 30, "2026-01-06T09:15:00+05:30")]
    [InlineData("Australia/Lord_Howe", "2026-04-03T16:00:00+11:00", 120, "2026-04-06T10:00:00+10:30")]
    [InlineData("Australia/Lord_Howe", "2026-10-02T16:00:00+10:30", 120, "2026-10-05T10:00:00+11:00")]
    [InlineData("Europe/Berlin", "2026-01-10T12:00:00+01:00", 60, "2026-01-12T10:00:00+01:00")]
    [InlineData("Europe/Berlin", "2026-01-05T10:00:00+01:00", 420, "2026-01-05T17:00:00+01:00")]
    [InlineData("Europe/Berlin", "2026-01-05T10:00:00+01:00", 421, "2026-01-06T09:01:00+01:00")]
    public void Business_hours_count_by_the_clocks_of_their_zone(string zone, string from, int minutes, string end)
    {
        var hours = new BusinessHours(Zone(zone), BusinessHours.Weekdays, new TimeOnly(9, 0), new TimeOnly(17, 0));
        Assert.Equal(Instant(end), RunsOut(hours, Instant(from), minutes));
    }

    [Theory]
    [InlineData("2026-03-29T00:00:00+01:00", 180, "2026-03-29T04:00:00+02:00")]   // the night lacks the hour from two to three
    [InlineData("2026-10-25T00:00:00+02:00", 180, "2026-10-25T02:00:00+01:00")]   // and has it twice in October
    [InlineData("2026-03-29T00:00:00+01:00", 1380, "2026-03-30T00:00:00+02:00")]
    [InlineData("2026-10-25T00:00:00+02:00", 1500, "2026-10-26T00:00:00+01:00")]
    public void Hours_around_the_clock_have_as_many_hours_as_the_day_has(string from, int minutes, string end)
    {
        var always = new BusinessHours(Berlin, Enum.GetValues<DayOfWeek>(), TimeOnly.MinValue, TimeOnly.MinValue);
        Assert.Equal(Instant(end), RunsOut(always, Instant(from), minutes));
    }

    [Fact]
    public void Hours_that_open_at_a_time_that_is_jumped_over_open_with_the_jump_and_that_close_at_one_that_comes_twice_close_the_second_time()
    {
        var early = new BusinessHours(Berlin, Enum.GetValues<DayOfWeek>(), new TimeOnly(2, 30), new TimeOnly(12, 0));
        Assert.Equal(Instant("2026-03-29T03:01:00+02:00"), RunsOut(early, Instant("2026-03-29T00:00:00+01:00"), 1));
        var late = new BusinessHours(Berlin, Enum.GetValues<DayOfWeek>(), TimeOnly.MinValue, new TimeOnly(2, 30));
        Assert.Equal(Instant("2026-10-25T02:30:00+01:00"), RunsOut(late, Instant("2026-10-25T00:00:00+02:00"), 210));
    }

    [Fact]
    public void Holidays_do_not_count_and_hours_that_never_open_again_never_end()
    {
        var hours = new BusinessHours(Berlin, BusinessHours.Weekdays, new TimeOnly(9, 0), new TimeOnly(17, 0), [new DateOnly(2026, 1, 6)]);
        Assert.Equal(Instant("2026-01-07T10:00:00+01:00"), RunsOut(hours, Instant("2026-01-05T16:00:00+01:00"), 120));
        var never = hours with { Days = [DayOfWeek.Monday], Holidays = [.. Enumerable.Range(0, 600).Select(static w => new DateOnly(2026, 1, 5).AddDays(7 * w))] };
        Assert.Equal(PausableClock.Never, RunsOut(never, Instant("2026-01-06T00:00:00+01:00"), 1));
        Assert.Equal(PausableClock.Never, RunsOut(hours, DateTimeOffset.MinValue, 100_000_000));
    }

    [Fact]
    public void The_working_time_until_a_limit_runs_out_is_the_limit_by_the_clocks_on_the_wall()
    {
        var random = new Random(20260105);
        foreach (string name in new[] { "Europe/Berlin", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC" })
        {
            for (int i = 0; i < 20; i++)
            {
                var zone = Zone(name);
                // Not between one and four, when clocks are changed: there a wall clock alone does not say which hour it is.
                var hours = new BusinessHours(zone, [.. Enum.GetValues<DayOfWeek>().Where(_ => random.Next(4) > 0).Append(DayOfWeek.Monday)], new TimeOnly(random.Next(5, 12), random.Next(60)), new TimeOnly(random.Next(13, 24), random.Next(60)));
                var from = new DateTimeOffset(2026, random.Next(1, 13), random.Next(1, 29), random.Next(24), random.Next(60), 0, TimeSpan.Zero);
                int minutes = random.Next(1, 900);
                var expected = from;
                for (int left = minutes; left > 0; expected = expected.AddMinutes(1))
                    if (IsOpen(hours, TimeZoneInfo.ConvertTime(expected, zone).DateTime))
                        left--;
                Assert.Equal(expected, RunsOut(hours, from, minutes));
            }
        }

        static bool IsOpen(BusinessHours hours, DateTime local) =>
            hours.Days.Contains(local.DayOfWeek) && TimeOnly.FromDateTime(local) >= hours.Opens && TimeOnly.FromDateTime(local) < hours.Closes;
    }

    [Theory]
    [InlineData("2026-01-09T11:00:00+01:00", 120, "2026-01-12T07:00:00+01:00")]   // Friday eleven: an hour, the weekend, and the other
    [InlineData("2026-01-11T11:00:00+01:00", 60, "2026-01-12T07:00:00+01:00")]    // it had begun before
    [InlineData("2026-01-12T06:00:00+01:00", 60, "2026-01-12T07:00:00+01:00")]
    [InlineData("2026-03-27T11:00:00+01:00", 120, "2026-03-30T07:00:00+02:00")]
    [InlineData("2026-10-23T11:00:00+02:00", 120, "2026-10-26T07:00:00+01:00")]
    public void A_weekly_freeze_comes_every_week_by_the_clocks_of_its_zone(string from, int minutes, string end) =>
        Assert.Equal(Instant(end), RunsOut(new WeeklyFreeze(Berlin, DayOfWeek.Friday, new TimeOnly(12, 0), DayOfWeek.Monday, new TimeOnly(6, 0)), Instant(from), minutes));

    [Fact]
    public void A_weekly_freeze_may_last_for_hours_or_nearly_a_week()
    {
        var nightly = new WeeklyFreeze(TimeZoneInfo.Utc, DayOfWeek.Monday, new TimeOnly(1, 0), DayOfWeek.Monday, new TimeOnly(2, 0));
        Assert.Equal(Instant("2026-01-05T03:00:00Z"), RunsOut(nightly, Instant("2026-01-05T00:00:00Z"), 120));
        var nearly = nightly with { FromTime = new TimeOnly(2, 0), ToTime = new TimeOnly(1, 0) };
        Assert.Equal(Instant("2026-01-12T01:30:00Z"), RunsOut(nearly, Instant("2026-01-05T02:00:00Z"), 30));
    }

    [Fact]
    public void A_freeze_counts_from_its_beginning_and_not_before_the_limit_and_one_that_is_over_or_ahead_does_not()
    {
        Assert.Equal(Given.At(80), RunsOut(new FreezeWindow(Given.At(10), Given.At(30)), Given.At(0), 60));
        Assert.Equal(Given.At(90), RunsOut(new FreezeWindow(Given.At(-100), Given.At(30)), Given.At(0), 60));
        Assert.Equal(Given.At(60), RunsOut(new FreezeWindow(Given.At(-100), Given.At(0)), Given.At(0), 60));
        Assert.Equal(Given.At(60), RunsOut(new FreezeWindow(Given.At(60), Given.At(70)), Given.At(0), 60));
        Assert.Equal(PausableClock.Never, RunsOut(new FreezeWindow(Given.At(10)), Given.At(0), 60));
    }

    public static TheoryData<Action<LimitOptions>, string> Mistakes => new()
    {
        { o => o.Freezes.Add(new FreezeWindow(Given.At(5), Given.At(5))), "Limits:Freezes:0 ends at 2026-01-05 09:05:00Z, which is not after its beginning at 2026-01-05 09:05:00Z; leave To out while its end is not known." },
        { o => o.Freezes.Add(new FreezeWindow(Given.At(5)) { Repositories = ["a*b"] }), "Limits:Freezes:0 names 'a*b'; use a name, or a beginning followed by '*' such as 'acme/*'." },
        { o => o.WeeklyFreezes.Add(new WeeklyFreeze(Berlin, DayOfWeek.Friday, TimeOnly.MinValue, DayOfWeek.Friday, TimeOnly.MinValue)), "Limits:WeeklyFreezes:0 lasts the whole week; use a FreezeWindow without an end." },
        { o => o.WeeklyFreezes.Add(new WeeklyFreeze(null!, DayOfWeek.Friday, TimeOnly.MinValue, DayOfWeek.Sunday, TimeOnly.MinValue)), "Limits:WeeklyFreezes:0 has no time zone; use TimeZoneInfo.FindSystemTimeZoneById(\"Europe/Berlin\")." },
        { o => o.BusinessHours.Add(new BusinessHours(Berlin, [], new TimeOnly(9, 0), new TimeOnly(17, 0))), "Limits:BusinessHours:0 have no working day; use BusinessHours.Weekdays." },
        { o => o.BusinessHours.Add(new BusinessHours(Berlin, BusinessHours.Weekdays, new TimeOnly(22, 0), new TimeOnly(6, 0))), "Limits:BusinessHours:0 close at 06:00 and open at 22:00; a day's hours end on that day, at the latest at 00:00." },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named_with_its_place_and_its_fix(Action<LimitOptions> configure, string message)
    {
        using var loop = new LoopFixture(l => l.ConfigureLimits(configure));
        Assert.Equal(message, Assert.Throws<OptionsValidationException>(() => loop.Engine).Message);
    }

    private static DateTimeOffset RunsOut(ClockRule rule, DateTimeOffset from, int minutes) => PausableClock.RunsOut(from, TimeSpan.FromMinutes(minutes), rule.PausesFrom(from));

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static TimeZoneInfo Zone(string id) => TimeZoneInfo.FindSystemTimeZoneById(id);
}
