namespace ClosedLoop.Intake;

/// <summary>What became of a webhook delivery.</summary>
public enum WebhookOutcome
{
    /// <summary>Its facts are durable.</summary>
    Accepted = 0,

    /// <summary>It was taken before.</summary>
    Duplicate = 1,

    /// <summary>It is of no interest, or of an event that this version does not know.</summary>
    Ignored = 2,

    /// <summary>Its signature or token is missing or wrong. Nothing of it was read.</summary>
    Unauthorized = 3,

    /// <summary>Its body is larger than the adapter takes.</summary>
    TooLarge = 4,

    /// <summary>It is authentic and not what its sender's contract says; it was kept aside.</summary>
    Malformed = 5,

    /// <summary>No adapter of that name takes webhooks.</summary>
    UnknownSource = 6,

    /// <summary>The queue is full or the store is not available; the sender should send it again.</summary>
    Busy = 7,
}
