namespace ClosedLoop.Outbox;

/// <summary>A message was refused for good: it is given up at once, visibly.</summary>
internal sealed class UndeliverableException(string message, Exception? innerException = null) : Exception(message, innerException);
