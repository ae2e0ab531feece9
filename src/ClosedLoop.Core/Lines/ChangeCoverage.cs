using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>What the lines say of a change. Read before a fold, so that the fold itself stays pure.</summary>
internal sealed class ChangeCoverage
{
    /// <summary>For a change of which no line knows anything.</summary>
    public static ChangeCoverage None { get; } = new();

    /// <summary>Its landings, in order of repository and branch. An item is through a gate when each of them is.</summary>
    public IReadOnlyList<LandingCoverage> Landings { get; init; } = [];

    /// <summary>Registers that count by coverage and therefore not by their links.</summary>
    public IReadOnlySet<RegisterId> Indexed { get; init; } = new HashSet<RegisterId>();
}
