using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>What the lines say of one landing of a change: on one branch of one repository.</summary>
internal sealed class LandingCoverage
{
    public required string Repository { get; init; }

    public required string? Branch { get; init; }

    /// <summary>Whether a commit of it is known with its history; when not, only evidence that is linked to the change counts.</summary>
    public bool IsLocated { get; init; }

    /// <summary>Whether the repository's lines are known, and this landing's place on them is not yet: then nothing that runs may be claimed of it.</summary>
    public bool IsPending { get; init; }

    /// <summary>Not null when it no longer stands.</summary>
    public LandingVerdict? Gone { get; init; }

    /// <summary>By gate, what each series says; a gate is missing when it is not a coverage gate.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<CoveredFact>> Gates { get; init; } = new Dictionary<string, IReadOnlyList<CoveredFact>>();

    /// <summary>By gate that asks for certain lines: since when the change is on one, or what took it away there.</summary>
    public IReadOnlyDictionary<string, (DateTimeOffset? Since, LandingVerdict? Gone)> Lines { get; init; } = new Dictionary<string, (DateTimeOffset? Since, LandingVerdict? Gone)>();

    /// <summary>Gates that do not apply because the change landed before tracking began.</summary>
    public IReadOnlySet<string> Baselined { get; init; } = new HashSet<string>();
}
