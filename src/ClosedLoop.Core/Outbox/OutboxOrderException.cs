namespace ClosedLoop.Outbox;

/// <summary>A message that another one comes before: it is tried again, and nobody failed.</summary>
internal sealed class OutboxOrderException(string message) : Exception(message);
