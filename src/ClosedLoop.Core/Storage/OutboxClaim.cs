namespace ClosedLoop.Storage;

/// <summary>A claimed outbox message.</summary>
/// <param name="Message">The message.</param>
/// <param name="Attempts">How often it was claimed, this time included.</param>
/// <param name="Token">The fencing token of this claim.</param>
public sealed record OutboxClaim(OutboxMessage Message, int Attempts, long Token);
