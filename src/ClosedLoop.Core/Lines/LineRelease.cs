using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>That evidence about another commit released an item at a gate.</summary>
/// <param name="Gate">The gate.</param>
/// <param name="Commit">The commit that the evidence is about: <c>commit:</c>.</param>
/// <param name="Change">The change that landed there, when it is known.</param>
/// <param name="LandedOnRed">Whether the line was red when the item landed.</param>
public sealed record LineRelease(string Gate, Key Commit, Key? Change, bool LandedOnRed);
