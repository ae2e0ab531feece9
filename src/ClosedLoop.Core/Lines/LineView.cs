namespace ClosedLoop.Lines;

/// <summary>A part of a line: its commits, newest first, and what runs where.</summary>
public sealed record LineView
{
    /// <summary>The line.</summary>
    public required LineSummary Line { get; init; }

    /// <summary>Its first-parent commits, newest first.</summary>
    public required IReadOnlyList<LineCommit> Commits { get; init; }

    /// <summary>What <see cref="LineQuery.Before"/> has to be for the next page; null when no older commit is known.</summary>
    public string? NextBefore { get; init; }

    /// <summary>The targets that run, or ran, a commit of this repository, by environment and name; without those that are gone.</summary>
    public IReadOnlyList<LineTarget> Targets { get; init; } = [];
}
