namespace ClosedLoop.Testing.Sandbox;

/// <summary>How honest a record was, measured against a <see cref="SandboxTruth"/>.</summary>
public sealed record TruthReport
{
    /// <summary>How many items really exist.</summary>
    public required int Items { get; init; }

    /// <summary>How many of them are really done.</summary>
    public required int Done { get; init; }

    /// <summary>
    /// The time in ms during which the record claimed a gate that had not been so, summed over items and gates. The goal is 0.
    /// A regression that the record has not noticed yet is staleness, not over-claim (design section 1).
    /// </summary>
    public required double OverclaimMs { get; init; }

    /// <summary>Half of all changes of the truth were in the record after this many ms or fewer.</summary>
    public required double StalenessP50Ms { get; init; }

    /// <summary>99 of 100 changes of the truth were in the record after this many ms or fewer.</summary>
    public required double StalenessP99Ms { get; init; }

    /// <summary>The longest time in ms between a change of the truth and the record's agreement.</summary>
    public required double StalenessMaxMs { get; init; }

    /// <summary>How many changes of the truth the record never followed. They count with their age as staleness, too.</summary>
    public required int Lost { get; init; }

    /// <summary>Whether, at the end, every gate of every item and the completions are as they really are, and nothing is in the record that does not exist.</summary>
    public required bool EqualToTruth { get; init; }

    /// <summary>The first over-claims in words, <see cref="TruthComparison.MaxDifferences"/> at most.</summary>
    public IReadOnlyList<string> Overclaims { get; init; } = [];

    /// <summary>The first differences in words, <see cref="TruthComparison.MaxDifferences"/> at most.</summary>
    public IReadOnlyList<string> Differences { get; init; } = [];
}
