namespace ClosedLoop.Storage;

/// <summary>The end of a claim on an outbox message.</summary>
public sealed record OutboxCompletion
{
    /// <summary>The message's key.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>The claim's fencing token.</summary>
    public required long Token { get; init; }

    /// <summary>When to try again; null when it was delivered or given up.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Why it failed; null when it was delivered.</summary>
    public string? Error { get; init; }
}
