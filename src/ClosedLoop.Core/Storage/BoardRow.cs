namespace ClosedLoop.Storage;

/// <summary>How many items of a pipeline stand at one place.</summary>
public sealed record BoardRow
{
    /// <summary>The pipeline.</summary>
    public required string Pipeline { get; init; }

    /// <summary>The latest gate such that it and all before it hold; null before the first.</summary>
    public string? CurrentGate { get; init; }

    /// <summary>The latest gate that has passed.</summary>
    public string? FurthestGate { get; init; }

    /// <summary>The gate that is waited on; null for items that are done or abandoned.</summary>
    public string? WaitingOn { get; init; }

    /// <summary>Whether they are done.</summary>
    public bool IsDone { get; init; }

    /// <summary>Whether they were abandoned.</summary>
    public bool IsAbandoned { get; init; }

    /// <summary>How they were migrated; null for those tracked live.</summary>
    public string? Migration { get; init; }

    /// <summary>How many.</summary>
    public required int Items { get; init; }

    /// <summary>How many of them have a limit that ran out.</summary>
    public int Overdue { get; init; }

    /// <summary>Since when the one that waits longest has waited for <see cref="WaitingOn"/>; null for those that wait for nothing, and when it is not known.</summary>
    public DateTimeOffset? OldestSince { get; init; }
}
