namespace ClosedLoop.Insights.Flow;

/// <summary>
/// What came in against what left, week by week. It reports that the conditions of Little's law do not hold; nothing is forecast with the law.
/// </summary>
public sealed record FlowBalance
{
    /// <summary>For how many of the last full weeks in a row more came in than left.</summary>
    public int WeeksBehind { get; init; }

    /// <summary>What came in during the last four full weeks, or as many as there are.</summary>
    public int Arrivals { get; init; }

    /// <summary>What left in the same weeks.</summary>
    public int Departures { get; init; }

    /// <summary>How many full weeks these are, 0 to 4.</summary>
    public int FullWeeks { get; init; }

    /// <summary>The average age of open work at the end of each of these weeks, oldest first; null where nothing was open.</summary>
    public IReadOnlyList<TimeSpan?> AverageAges { get; init; } = [];

    /// <summary>
    /// Whether what is downstream degrades: in each of the last three full weeks fewer left than came in, and the average age of open work rose from each to the
    /// next. Null with fewer than three full weeks.
    /// </summary>
    public bool? IsDegrading { get; init; }
}
