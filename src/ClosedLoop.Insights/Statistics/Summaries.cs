namespace ClosedLoop.Insights.Statistics;

/// <summary>Makes summaries of durations. Pure.</summary>
public static class Summaries
{
    /// <summary>Summarises durations; each percentile is by the nearest rank.</summary>
    /// <param name="values">The durations, in any order.</param>
    /// <param name="censored">How many have no end yet.</param>
    /// <param name="excluded">What was left out, by why.</param>
    public static DurationSummary Of(IEnumerable<TimeSpan> values, int censored = 0, IReadOnlyDictionary<string, int>? excluded = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        List<long> sorted = [.. values.Select(static v => v.Ticks)];
        sorted.Sort();
        return Of(new SortedRuns([sorted]), sorted.Sum(), TimeSpan.FromTicks, censored, excluded);
    }

    internal static DurationSummary Of(SortedRuns runs, long sum, Func<long, TimeSpan> unit, int censored, IReadOnlyDictionary<string, int>? excluded) => new()
    {
        Count = runs.Count,
        Censored = censored,
        Excluded = excluded ?? DurationSummary.None.Excluded,
        P50 = At(runs, 0.50, unit),
        P85 = At(runs, 0.85, unit),
        P95 = At(runs, 0.95, unit),
        P99 = At(runs, 0.99, unit),
        Minimum = runs.Minimum is { } least ? unit(least) : null,
        Maximum = runs.Maximum is { } most ? unit(most) : null,
        Total = unit(sum),
    };

    /// <summary>How old things are that began at these instants: the least instant is the greatest age.</summary>
    internal static DurationSummary Ages(SortedRuns since, long sum, DateTimeOffset now)
    {
        if (since.Count == 0) return DurationSummary.None;
        long at = now.ToUnixTimeMilliseconds();
        return new DurationSummary
        {
            Count = since.Count,
            P50 = Age(0.50),
            P85 = Age(0.85),
            P95 = Age(0.95),
            P99 = Age(0.99),
            Minimum = Since(since.Maximum!.Value),
            Maximum = Since(since.Minimum!.Value),
            Total = TimeSpan.FromMilliseconds(Math.Max(0, (at * since.Count) - sum)),
        };

        // The k-th age from below is the k-th instant from above.
        Percentile Age(double quantile) => new(quantile, Since(since.At(since.Count + 1 - Percentiles.Rank(quantile, since.Count))), since.Count);

        // A source's clock may run ahead of ours.
        TimeSpan Since(long instant) => TimeSpan.FromMilliseconds(Math.Max(0, at - instant));
    }

    private static Percentile At(SortedRuns runs, double quantile, Func<long, TimeSpan> unit) =>
        new(quantile, runs.Count == 0 ? null : unit(runs.At(Percentiles.Rank(quantile, runs.Count))), runs.Count);
}
