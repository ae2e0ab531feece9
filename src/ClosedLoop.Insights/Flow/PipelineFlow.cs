using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Flow;

/// <summary>How work flows through one pipeline. Items that a migration brought in are counted apart and are in no lead time.</summary>
public sealed record PipelineFlow
{
    /// <summary>The pipeline.</summary>
    public required string Pipeline { get; init; }

    /// <summary>The DONE definition in force, such as <c>B</c>; null for a pipeline that is not configured any more.</summary>
    public string? DoneDefinition { get; init; }

    /// <summary>
    /// The weeks, oldest first, without holes, up to and with the present one, which is not over yet (<see cref="FlowWeek.IsComplete"/>). As many as
    /// <see cref="InsightsOptions.Weeks"/>, fewer when tracking is younger.
    /// </summary>
    public IReadOnlyList<FlowWeek> Weeks { get; init; } = [];

    /// <summary>What makes weeks before and after it not comparable: when tracking began, migrations, another DONE definition. Oldest first.</summary>
    public IReadOnlyList<FlowMark> Marks { get; init; } = [];

    /// <summary>The gates, in the pipeline's order.</summary>
    public IReadOnlyList<GateFlow> Gates { get; init; } = [];

    /// <summary>How many items are open: neither done nor abandoned. Migrated ones are not among them.</summary>
    public int WorkInProgress { get; init; }

    /// <summary>How many items are merged and not done: the safety metric of mission/002. It should be small and not grow.</summary>
    public int MergedNotDone { get; init; }

    /// <summary>How long those have been waiting that are merged and not done: from the merge to now.</summary>
    public DurationSummary MergedNotDoneAge { get; init; } = DurationSummary.None;

    /// <summary>From opened to done, of the items that were done in the last 13 weeks. Censored: the items that are open.</summary>
    public DurationSummary LeadTime { get; init; } = DurationSummary.None;

    /// <summary>Items that a migration brought in: in no lead time, no week and no work in progress.</summary>
    public int Migrated { get; init; }

    /// <summary>Merges a week against a target, 1,000 by default.</summary>
    public required Throughput Throughput { get; init; }

    /// <summary>Whether what leaves falls behind what comes in.</summary>
    public required FlowBalance Balance { get; init; }
}
