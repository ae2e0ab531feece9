using ClosedLoop.Migration;

namespace ClosedLoop.Tests.Migration;

public sealed class GitThroughputTests
{
    [Fact]
    public void Nothing_landed_is_no_rate_at_all()
    {
        var none = GitThroughput.Of([]);

        Assert.Equal((0, 0, 0.0, null, null), (none.Landings, none.PerWeekMax, none.PerWeekMedian, none.LeadTimeP50Hours, none.BusiestWeek));
    }

    [Fact]
    public void Weeks_begin_on_monday_in_utc_and_weeks_without_landings_count()
    {
        var sunday = new DateTimeOffset(2024, 1, 7, 23, 59, 59, TimeSpan.Zero);
        var t = GitThroughput.Of([At(sunday), At(sunday.AddSeconds(1)), At(sunday.AddSeconds(2), GitLandingKind.Merge), At(sunday.AddDays(21), GitLandingKind.Squash)]);

        Assert.Equal(["2024-W01", "2024-W02", "2024-W03", "2024-W04"], t.Weeks.Select(static w => w.ToString()));
        Assert.Equal([1, 2, 0, 1], t.Weeks.Select(static w => w.Landings));
        Assert.Equal((1.0, 2, "2024-W02", 0), (t.PerWeekMedian, t.PerWeekMax, t.BusiestWeek.ToString(), t.WeeksOverLine));
        Assert.Equal((1, 1, 2), (t.Merges, t.Squashes, t.Directs));
    }

    [Fact]
    public void An_instant_of_another_offset_falls_into_its_utc_week()
    {
        var t = GitThroughput.Of([At(new DateTimeOffset(2024, 1, 8, 1, 0, 0, TimeSpan.FromHours(2)))]);

        Assert.Equal(new DateOnly(2024, 1, 1), t.Weeks[0].Monday);
    }

    [Theory]
    [InlineData(1000, 0)]
    [InlineData(1001, 1)]
    public void Only_more_than_a_thousand_is_over_the_line(int landings, int weeks) =>
        Assert.Equal(weeks, GitThroughput.Of([.. Enumerable.Repeat(At(TestClone.Start), landings)]).WeeksOverLine);

    [Fact]
    public void Lead_times_are_by_nearest_rank_without_the_negative_ones()
    {
        var landings = Enumerable.Range(1, 10).Select(static h => At(TestClone.Start, leadHours: h)).Append(At(TestClone.Start, leadHours: -5)).Reverse().ToList();

        var t = GitThroughput.Of(landings);

        Assert.Equal((5.0, 9.0, 1, 11), (t.LeadTimeP50Hours, t.LeadTimeP90Hours, t.NegativeLeadTimes, t.Landings));
    }

    [Fact]
    public void An_even_number_of_weeks_has_the_mean_of_the_middle_two()
    {
        var t = GitThroughput.Of([At(TestClone.Start), At(TestClone.Start.AddDays(7)), At(TestClone.Start.AddDays(7))]);

        Assert.Equal(1.5, t.PerWeekMedian);
    }

    private static GitLanding At(DateTimeOffset committed, GitLandingKind kind = GitLandingKind.Direct, double leadHours = 0) =>
        new(new string('a', 40), kind, committed, committed.AddHours(-leadHours), "x", null, 1);
}
