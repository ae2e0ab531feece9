using System.Text.Json;
using ClosedLoop.Storage;

namespace ClosedLoop.Outbox;

/// <summary>Hands messages to a sink of notifications.</summary>
internal sealed class NotificationConsumer(INotificationSink sink) : IOutboxConsumer
{
    public string Name => sink.Name;

    public int MaxAttempts => OutboxDispatcher.MaxAttempts;

    public TimeSpan LongestRetry => TimeSpan.FromMinutes(30);

    public ValueTask TakeAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var notification = JsonSerializer.Deserialize(message.Body, NotificationJsonContext.Default.Notification) ?? throw new JsonException("the message is null");
        return sink.DeliverAsync(notification, cancellationToken);
    }
}
