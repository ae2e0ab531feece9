using ClosedLoop.Outbox;

namespace ClosedLoop.Core.Tests.Support;

/// <summary>Keeps what was told.</summary>
internal sealed class CollectingSink : INotificationSink
{
    public List<Notification> Delivered { get; } = [];

    public string Name => "collect";

    public ValueTask DeliverAsync(Notification notification, CancellationToken cancellationToken)
    {
        Delivered.Add(notification);
        return ValueTask.CompletedTask;
    }
}
