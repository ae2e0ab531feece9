namespace ClosedLoop.Insights.Export;

/// <summary>One figure of a report, with what it rests on: the form in which every report can be written as CSV, and joined with others.</summary>
/// <param name="Metric">Which metric, such as <c>change-lead-time</c>.</param>
/// <param name="Statistic">Which figure of it: <c>p50</c>, <c>count</c>, <c>share</c>.</param>
/// <param name="Value">The figure, null when there is none.</param>
/// <param name="Unit">Its unit: <c>s</c>, <c>share</c>, <c>items</c>, a currency.</param>
public sealed record MetricRow(string Metric, string Statistic, decimal? Value, string Unit)
{
    /// <summary>What it is of: a pipeline, a gate, an environment, a feature.</summary>
    public string Scope { get; init; } = "";

    /// <summary>The time that it is of, by ISO 8601: a week, a day, an interval; empty for all that was measured.</summary>
    public string Period { get; init; } = "";

    /// <summary>How many values it is taken of; null where that means nothing.</summary>
    public long? Count { get; init; }

    /// <summary>Whether these are too few to go by; null where that means nothing.</summary>
    public bool? IsLowSample { get; init; }

    /// <summary>How many began and have no end yet.</summary>
    public int? Censored { get; init; }

    /// <summary>How many were left out, all reasons together.</summary>
    public int? Excluded { get; init; }
}
