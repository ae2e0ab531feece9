namespace ClosedLoop.Adapters.Health;

/// <summary>What one look of a check showed.</summary>
internal sealed record CheckLook
{
    /// <summary>How it looks: good, bad, or null when it says neither.</summary>
    public bool? IsGood { get; init; }

    /// <summary>Why it says neither.</summary>
    public Facts.Reason Reason { get; init; }

    /// <summary>What was seen, in a few words.</summary>
    public required string Detail { get; init; }

    /// <summary>The version that it was of, or null.</summary>
    public SeenVersion? Version { get; init; }

    /// <summary>Why the version is not known.</summary>
    public string? VersionProblem { get; init; }

    /// <summary>Whether the observer itself could not be asked, so that nothing was seen at all.</summary>
    public bool IsBlind { get; init; }

    /// <summary>Whether it could not be asked because it limits the rate.</summary>
    public bool IsLimited { get; init; }

    /// <summary>When the observer may be asked again.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Things that an operator should know.</summary>
    public IReadOnlyList<string> Diagnostics { get; init; } = [];

    public static CheckLook Good(string detail) => new() { IsGood = true, Detail = detail };

    public static CheckLook Bad(string detail) => new() { IsGood = false, Detail = detail };

    public static CheckLook Neither(string detail, Facts.Reason reason = Facts.Reason.Inconclusive) => new() { Reason = reason, Detail = detail };
}
