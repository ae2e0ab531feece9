using ClosedLoop.Storage;

namespace ClosedLoop.Outbox;

/// <summary>Takes the outbox messages that are for one name.</summary>
internal interface IOutboxConsumer
{
    /// <summary>The name by which messages are for it; unique.</summary>
    string Name { get; }

    /// <summary>After this many attempts a message is given up and kept in the quarantine.</summary>
    int MaxAttempts { get; }

    /// <summary>The longest wait between two attempts.</summary>
    TimeSpan LongestRetry { get; }

    /// <summary>Takes one message; an exception means that it was not taken. At least once.</summary>
    /// <exception cref="UndeliverableException">Trying again is useless.</exception>
    ValueTask TakeAsync(OutboxMessage message, CancellationToken cancellationToken);
}
