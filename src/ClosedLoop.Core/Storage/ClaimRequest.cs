namespace ClosedLoop.Storage;

/// <summary>Which rows to claim, and for how long.</summary>
public sealed record ClaimRequest
{
    /// <summary>Rows due at or before this instant.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>How long the claim holds; after that another may claim the row, with a greater token.</summary>
    public required TimeSpan Lease { get; init; }

    /// <summary>Only rows of this kind; null for all. Not used for the outbox.</summary>
    public string? Kind { get; init; }

    /// <summary>The most rows, 1 to 1,000.</summary>
    public int Limit { get; init; } = 100;
}
