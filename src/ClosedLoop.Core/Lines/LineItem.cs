using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>An item whose change landed with a commit, and who released it.</summary>
public sealed record LineItem
{
    /// <summary>The item's id.</summary>
    public required string Id { get; init; }

    /// <summary>Its title, when known.</summary>
    public string? Title { get; init; }

    /// <summary>Whether it is done.</summary>
    public bool IsDone { get; init; }

    /// <summary>The gate that it waits on; null when it waits for nothing.</summary>
    public string? WaitingOn { get; init; }

    /// <summary>The gates that a later commit released it through, with that commit and the change that landed there. In the pipeline's order.</summary>
    public IReadOnlyList<LineRelease> ReleasedBy { get; init; } = [];
}
