using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Insights.Outcomes;
using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Tests.Outcomes;

public sealed class OutcomeTests
{
    private static readonly IsoWeek First = IsoWeek.Of(Given.Start);

    [Fact]
    public void A_feature_counts_once_when_it_stayed_live()
    {
        var weeks = FeaturesPerWeek.Measure(
            [
                new("kept", Day(0)), new("kept", Day(8)), new("taken back", Day(1), Day(3)), new("late", Day(1), Day(3)), new("late", Day(9)), new("taken back later", Day(2), Day(20)), new("fresh", Day(27)),
            ],
            First, First.Add(3), Day(28));

        Assert.Equal([2, 1, 0, 0], weeks.Weeks.Values);
        Assert.Equal((1, 2), (weeks.Pending, weeks.RolledBack));
    }

    [Fact]
    public void Efficiency_is_active_time_over_elapsed_time_of_what_is_live()
    {
        var loop = LoopEfficiency.Measure(
            [
                new("a", Day(0), Day(1), TimeSpan.FromHours(12), 0), new("b", Day(0), Day(3), TimeSpan.FromHours(12), 2), new("c", Day(0), null, TimeSpan.FromHours(1), 0), new("d", Day(0), Day(1), null, null),
                new("e", Day(0), Day(1), TimeSpan.FromHours(25), 0), new("f", Day(2), Day(1), TimeSpan.FromHours(1), 1),
            ]);

        Assert.Equal((0.25, 2, 1), (loop.Value, loop.Changes, loop.Censored));
        Assert.Equal(new Ratio(2, 4), loop.HandsFreeShare);
        Assert.Equal([("active-time-impossible", 1), ("active-time-unknown", 1), ("negative", 1)], loop.Excluded.Select(static e => (e.Key, e.Value)));
        Assert.Null(LoopEfficiency.Measure([]).Value);
    }

    [Theory]
    [InlineData(new[] { 10, 12, 14, 16, 18, 20 }, new[] { 3, 3, 3, 3, 3, 3 }, true)]
    [InlineData(new[] { 10, 12, 14, 16, 18, 20 }, new[] { 5, 4, 4, 3, 3, 2 }, true)]
    [InlineData(new[] { 10, 12, 14, 16, 18, 20 }, new[] { 1, 1, 2, 2, 3, 3 }, false)]
    [InlineData(new[] { 20, 20, 20, 20, 20, 20 }, new[] { 3, 3, 3, 3, 3, 3 }, false)]
    [InlineData(new[] { 100, 101, 102, 103, 104, 105 }, new[] { 3, 3, 3, 3, 3, 3 }, false)]
    [InlineData(new[] { 10, 12, 14, 16, 18 }, new[] { 3, 3, 3, 3, 3 }, null)]
    public void More_merges_without_more_features_are_flagged(int[] merges, int[] features, bool? flagged) => Assert.Equal(flagged, VanityCheck.Measure(merges, features).IsFlagged);

    private static DateTimeOffset Day(int day) => Given.Start.AddDays(day);
}
