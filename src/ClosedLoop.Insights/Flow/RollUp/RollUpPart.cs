namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>One part of the roll-up as it is stored: the counts of a pipeline's year, or a series of one week.</summary>
internal sealed record RollUpPart
{
    /// <summary>The pipeline or the environment.</summary>
    public required string Owner { get; init; }

    /// <summary>The series; null for counts.</summary>
    public string? Series { get; init; }

    /// <summary>The ISO year.</summary>
    public required int Year { get; init; }

    /// <summary>The week of a series.</summary>
    public int? Week { get; init; }

    /// <summary>The counts of each week of the year, in the order of <see cref="CountKind"/>.</summary>
    public SortedDictionary<int, long[]>? Counts { get; init; }

    /// <summary>The values of a series, as <see cref="RollUp.Series.Pack"/> writes them.</summary>
    public string? Values { get; init; }

    /// <summary>What the series leaves out, by reason.</summary>
    public SortedDictionary<string, int>? Excluded { get; init; }
}
