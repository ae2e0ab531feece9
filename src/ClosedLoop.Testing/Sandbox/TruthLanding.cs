using ClosedLoop.Facts;

namespace ClosedLoop.Testing.Sandbox;

/// <summary>How it really was when an item's change landed, and what released it.</summary>
public sealed record TruthLanding
{
    /// <summary>
    /// Whether main was red then: the nearest build before it that had come to a verdict was a failure. Null when the answer depends on a
    /// fraction of a second, which sources do not tell.
    /// </summary>
    public bool? OnRed { get; init; }

    /// <summary>The change at whose commit main was first green with it; null when that was where it landed itself, or it is not green yet, or nobody's.</summary>
    public Key? ReleasedBy { get; init; }
}
