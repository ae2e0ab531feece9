using ClosedLoop.Pipelines;
using ClosedLoop.Storage;

namespace ClosedLoop.AspNetCore.Dashboard.Items;

/// <summary>What the page of one item shows.</summary>
internal sealed record ItemModel
{
    public required LoopStatus Status { get; init; }

    /// <summary>Its pipeline as configured; null when it no longer is.</summary>
    public PipelineDefinition? Pipeline { get; init; }

    public required IReadOnlyList<Transition> Transitions { get; init; }

    /// <summary>Where the log goes on with what is older; null at its beginning.</summary>
    public long? Next { get; init; }

    /// <summary>Whether this is not the newest part of the log.</summary>
    public bool IsOlder { get; init; }

    public bool IsOverdue(string gate) => Status.Overdue.Contains(gate, StringComparer.Ordinal);

    public bool IsInDone(string gate) => Pipeline?.Done.Gates.Contains(gate) ?? false;
}
