using ClosedLoop.Insights.Flow;

namespace ClosedLoop.AspNetCore.Dashboard.Flow;

/// <summary>What the page of flow shows.</summary>
internal sealed record FlowModel
{
    /// <summary>The report; null when the host has no insights.</summary>
    public FlowReport? Report { get; init; }

    /// <summary>The pipeline that is shown; null when nothing is known of any.</summary>
    public PipelineFlow? Pipeline { get; init; }
}
