using ClosedLoop.Pipelines;

namespace ClosedLoop.AspNetCore.Dashboard.Board;

/// <summary>What the board shows.</summary>
internal sealed record BoardModel
{
    public required BoardFilter Filter { get; init; }

    /// <summary>The pipeline's name.</summary>
    public required string Pipeline { get; init; }

    /// <summary>Every pipeline that is configured or that items still go through.</summary>
    public required IReadOnlyList<string> Pipelines { get; init; }

    /// <summary>The pipeline as configured; null when it no longer is.</summary>
    public PipelineDefinition? Definition { get; init; }

    public required IReadOnlyList<GateColumn> Columns { get; init; }

    public required int Open { get; init; }

    public required int Overdue { get; init; }

    public required int Done { get; init; }

    public required int Abandoned { get; init; }

    public required int Migrated { get; init; }

    public required IReadOnlyList<string> Repositories { get; init; }

    public required IReadOnlyList<string> Agents { get; init; }

    public required IReadOnlyList<string> Priorities { get; init; }

    public required IReadOnlyList<LoopStatus> Items { get; init; }

    /// <summary>Where the next page begins; null on the last.</summary>
    public string? NextCursor { get; init; }

    /// <summary>Whether this is the first page.</summary>
    public required bool IsFirstPage { get; init; }
}
