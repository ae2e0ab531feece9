namespace ClosedLoop.Insights.Flow;

/// <summary>Merges a week against a target. "Sustained" means the least of the last four full weeks, not their mean.</summary>
public sealed record Throughput
{
    /// <summary>The target, merges a week: <see cref="InsightsOptions.TargetMergesPerWeek"/>.</summary>
    public required int Target { get; init; }

    /// <summary>Merges in the last full week; null when there is none.</summary>
    public int? LastWeek { get; init; }

    /// <summary>The least of the last four full weeks; null when there are not yet four.</summary>
    public int? Sustained { get; init; }

    /// <summary>The least number of items that were honestly done in one of the last four full weeks; null when there are not yet four.</summary>
    public int? SustainedDone { get; init; }

    /// <summary>How many of the last four full weeks there are, 0 to 4.</summary>
    public int FullWeeks { get; init; }

    /// <summary>Whether the target is sustained; null while that cannot be said.</summary>
    public bool? IsMet => Sustained is { } sustained ? sustained >= Target : null;
}
