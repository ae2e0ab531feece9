namespace ClosedLoop.Storage;

/// <summary>An input that was kept aside: what it was, where it came from and what was wrong with it.</summary>
public sealed record QuarantineEntry
{
    /// <summary>A unique id.</summary>
    public required string Id { get; init; }

    /// <summary>Where it came from.</summary>
    public required string Source { get; init; }

    /// <summary>What kind of problem.</summary>
    public required QuarantineKind Kind { get; init; }

    /// <summary>What was wrong, and what was expected.</summary>
    public required string Detail { get; init; }

    /// <summary>The raw bytes; at most the source's body limit.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>When it came in.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}
