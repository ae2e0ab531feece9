using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>Whether a line is red or green at a gate: what the newest verdict of each of its checks says, combined as the gate combines them.</summary>
public sealed record LineGate
{
    /// <summary>The gate.</summary>
    public required string Gate { get; init; }

    /// <summary>Failed: red. Passed: green. Anything else: neither, as when a check that the gate requires has no verdict yet.</summary>
    public GateStatus Status { get; init; }

    /// <summary>When it became so: when the first of the failures in a row, or of the passes in a row, was reported. Null when it is neither.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The newest commit with a verdict that decides.</summary>
    public string? Commit { get; init; }

    /// <summary>How many commits of the line are newer than that, and have no verdict yet.</summary>
    public long? Behind { get; init; }

    /// <summary>One short sentence from the deciding evidence.</summary>
    public string? Detail { get; init; }
}
