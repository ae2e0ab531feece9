using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>Why evidence about a commit counts for a change (docs/coverage.md).</summary>
public sealed record CoverageView
{
    /// <summary>The commit that the evidence is about.</summary>
    public required Key Commit { get; init; }

    /// <summary>How the change is in that commit.</summary>
    public CoverageRelation Relation { get; init; }

    /// <summary>The change that landed at that commit and so released this one; null when it is this one, or not known.</summary>
    public Key? ReleasedBy { get; init; }

    /// <summary>Whether the line was red when this change landed on it: the nearest verdict before it was a failure.</summary>
    public bool LandedOnRed { get; init; }

    /// <summary>From the landing to the evidence; null when the gate has not passed.</summary>
    public TimeSpan? Waited { get; init; }
}
