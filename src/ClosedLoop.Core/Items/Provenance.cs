namespace ClosedLoop.Items;

/// <summary>Which agent made the change, with what (mission/001: provenance per change).</summary>
public sealed record Provenance
{
    /// <summary>The agent's name.</summary>
    public string? Agent { get; init; }

    /// <summary>Model name and version.</summary>
    public string? Model { get; init; }

    /// <summary>Session id.</summary>
    public string? Session { get; init; }

    /// <summary>Iteration number within the session.</summary>
    public int? Iteration { get; init; }

    /// <summary>Digest of the prompt or specification.</summary>
    public string? PromptDigest { get; init; }
}
