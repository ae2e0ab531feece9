namespace ClosedLoop.Outbox;

/// <summary>Delivers notifications somewhere.</summary>
public interface INotificationSink
{
    /// <summary>The sink's name: unique, lower-case letters, digits and '-'.</summary>
    string Name { get; }

    /// <summary>
    /// Delivers one notification. An exception means that it was not delivered and is to be tried again; delivery is at least
    /// once, so the receiver tells repetitions by <see cref="Notification.IdempotencyKey"/>.
    /// </summary>
    ValueTask DeliverAsync(Notification notification, CancellationToken cancellationToken);
}
