using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Insights.Statistics;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Insights.Tests.Statistics;

public sealed class PercentileTests
{
    private static readonly Arbitrary<int[]> Values = Arb.From(Gen.ArrayOf(Gen.Choose(-50, 5_000)));

    [Fact]
    public void The_nearest_rank_is_the_least_value_that_enough_others_do_not_exceed() => PropertyCheck.Holds(Values, static values =>
    {
        foreach (double quantile in new[] { 0.01, 0.5, 0.85, 0.9, 0.95, 0.99, 1 })
        {
            // From the definition, without ranks: the least value v with |{x <= v}| >= q*n, in whole hundredths.
            var expected = values.Order().Cast<int?>().FirstOrDefault(v => values.Count(x => x <= v) * 100 >= (int)Math.Round(quantile * 100) * values.Length);
            Assert.Equal(expected, (int?)Percentiles.NearestRank(values.Select(static v => TimeSpan.FromSeconds(v)), quantile)?.TotalSeconds);
        }
    }, tests: 500);

    [Fact]
    public void Of_several_sorted_lists_it_is_what_it_is_of_all_together() => PropertyCheck.Holds(Arb.From(Gen.ArrayOf(Gen.ArrayOf(Gen.Choose(0, 100)))), static lists =>
    {
        var runs = new SortedRuns([.. lists.Select(static l => l.Select(static v => (long)v).Order().ToList())]);
        long[] all = [.. lists.SelectMany(static l => l).Select(static v => (long)v).Order()];
        Assert.Equal(all.Length, runs.Count);
        for (int rank = 1; rank <= all.Length; rank++) Assert.Equal(all[rank - 1], runs.At(rank));
    }, tests: 300);

    [Fact]
    public void The_order_of_the_values_makes_no_difference() => PropertyCheck.Holds(Values, static values =>
    {
        var spans = values.Select(static v => TimeSpan.FromSeconds(v)).ToArray();
        Assert.Equal(Summaries.Of(spans) with { Excluded = DurationSummary.None.Excluded }, Summaries.Of(spans.Reverse()) with { Excluded = DurationSummary.None.Excluded });
        Assert.Equal(Percentiles.Continuous(spans, 0.5), Percentiles.Continuous(spans.Reverse(), 0.5));
    });

    [Fact]
    public void DevLake_s_median_is_the_greatest_value_whose_percent_rank_is_at_most_a_half() => PropertyCheck.Holds(Values, static values =>
    {
        // percent_rank = (rank - 1) / (n - 1), with equal values on the rank of the first of them; 0 for a single row.
        int[] sorted = [.. values.Order()];
        int? expected = sorted.Cast<int?>().Where(v => sorted.Length == 1 || Array.IndexOf(sorted, v!.Value) * 2 <= sorted.Length - 1).Max();
        Assert.Equal(expected, Percentiles.LowerMedian(values));
    }, tests: 500);

    [Theory]
    [InlineData(0.5, 1, false)]
    [InlineData(0.5, 2, false)]
    [InlineData(0.95, 19, true)]
    [InlineData(0.95, 20, false)]
    [InlineData(0.99, 99, true)]
    [InlineData(0.99, 100, false)]
    [InlineData(0.85, 6, true)]
    [InlineData(0.85, 7, false)]
    public void A_percentile_says_when_it_can_only_be_the_greatest_value(double quantile, int count, bool isLow)
    {
        Assert.Equal(isLow || (quantile == 0.5 && count < 2), new Percentile(quantile, TimeSpan.Zero, count).IsLowSample);
        if (isLow) Assert.Equal(count, Percentiles.Rank(quantile, count));
    }

    [Fact]
    public void Of_nothing_there_is_no_percentile()
    {
        Assert.Null(Percentiles.NearestRank([], 0.5));
        Assert.Null(Percentiles.Continuous([], 0.5));
        Assert.Null(Percentiles.LowerMedian(Array.Empty<TimeSpan>()));
        Assert.Equal((null, 0, true), (DurationSummary.None.P99.Value, DurationSummary.None.P99.Count, DurationSummary.None.P99.IsLowSample));
        Assert.Null(new Ratio(0, 0).Value);
    }

    [Fact]
    public void Four_Keys_interpolates_and_we_do_not()
    {
        TimeSpan[] values = [TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(20)];

        Assert.Equal((15, 10, 10), (Percentiles.Continuous(values, 0.5)!.Value.TotalMinutes, Percentiles.NearestRank(values, 0.5)!.Value.TotalMinutes, Percentiles.LowerMedian(values)!.Value.TotalMinutes));
    }

    [Fact]
    public void A_stored_series_is_read_as_it_was_written() => PropertyCheck.Holds(Arb.From(Gen.ArrayOf(Gen.Choose(int.MinValue, int.MaxValue))), static values =>
    {
        var series = new Insights.Flow.RollUp.Series();
        foreach (int value in values) series.Add(value * 4_000_000L);
        var read = new Insights.Flow.RollUp.Series();
        read.Add(7);
        read.Unpack(series.Pack(), null);
        Assert.Equal(series.Values, read.Values);
        Assert.Equal(series.Sum, read.Sum);
    });
}
