using ClosedLoop.Items;

namespace ClosedLoop;

/// <summary>What is really true of one item now.</summary>
public sealed record LoopStatus
{
    /// <summary>The state of record.</summary>
    public required ItemState State { get; init; }

    /// <summary>Whether every gate of the DONE definition holds on evidence.</summary>
    public bool IsDone => State.IsDone;

    /// <summary>Whether all its changes were closed without being merged.</summary>
    public bool IsAbandoned => State.Abandoned;

    /// <summary>One sentence that a person or an agent can act on: what it waits for, since when, what is known, and when the next look is.</summary>
    public required string Why { get; init; }

    /// <summary>The gates whose limit has run out, and <c>done</c> when that of the item as a whole has.</summary>
    public required IReadOnlyList<string> Overdue { get; init; }

    /// <summary>When a source is next read for it; null when none will be.</summary>
    public DateTimeOffset? NextLookAt { get; init; }

    /// <summary>When the record of it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
