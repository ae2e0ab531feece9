namespace ClosedLoop.Storage;

/// <summary>A side effect that is to happen at least once after the commit that decided it.</summary>
/// <param name="IdempotencyKey">Identifies the effect: two messages with one key are one effect.</param>
/// <param name="Sink">The sink that it is for.</param>
/// <param name="Body">What to deliver, as JSON.</param>
/// <param name="NotBefore">Not to be delivered before.</param>
public sealed record OutboxMessage(string IdempotencyKey, string Sink, string Body, DateTimeOffset NotBefore);
