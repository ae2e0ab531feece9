namespace ClosedLoop.Insights.Statistics;

/// <summary>
/// How long something took: exact percentiles by the nearest rank (the smallest value such that at least the share q of all values is no greater), with how
/// many values there are and what could not be counted among them.
/// </summary>
public sealed record DurationSummary
{
    /// <summary>Of nothing: no percentile has a value.</summary>
    public static DurationSummary None { get; } = new();

    /// <summary>How many durations there are.</summary>
    public int Count { get; init; }

    /// <summary>How many began and have no end in what was observed: still open, given up, superseded. They are in no percentile, which therefore are too low by what these would add.</summary>
    public int Censored { get; init; }

    /// <summary>How many were left out, by why; the most important ones are in the documentation of each metric.</summary>
    public IReadOnlyDictionary<string, int> Excluded { get; init; } = new Dictionary<string, int>();

    /// <summary>The median: half took no longer.</summary>
    public Percentile P50 { get; init; } = new(0.50, null, 0);

    /// <summary>85 of 100 took no longer.</summary>
    public Percentile P85 { get; init; } = new(0.85, null, 0);

    /// <summary>95 of 100 took no longer.</summary>
    public Percentile P95 { get; init; } = new(0.95, null, 0);

    /// <summary>99 of 100 took no longer.</summary>
    public Percentile P99 { get; init; } = new(0.99, null, 0);

    /// <summary>The shortest; null without any.</summary>
    public TimeSpan? Minimum { get; init; }

    /// <summary>The longest; null without any.</summary>
    public TimeSpan? Maximum { get; init; }

    /// <summary>All of them together.</summary>
    public TimeSpan Total { get; init; }
}
