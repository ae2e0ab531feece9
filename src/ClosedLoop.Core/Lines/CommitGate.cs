using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>What the evidence about one commit says of one gate; not what a later commit proves for it.</summary>
public sealed record CommitGate
{
    /// <summary>The gate.</summary>
    public required string Gate { get; init; }

    /// <summary>Its status, from the evidence about this commit alone.</summary>
    public GateStatus Status { get; init; }

    /// <summary>Why, such as cancelled or superseded.</summary>
    public Reason Reason { get; init; }

    /// <summary>One short sentence from the deciding evidence.</summary>
    public string? Detail { get; init; }

    /// <summary>When it became so, by the source's clock.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Who wrote the deciding evidence.</summary>
    public Writer? Writer { get; init; }

    /// <summary>Where to look.</summary>
    public Evidence? Evidence { get; init; }
}
