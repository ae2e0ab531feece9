using ClosedLoop.Outbox;

namespace ClosedLoop.Simulation.Tests.Cluster;

/// <summary>Takes notifications, sometimes not at the first attempt.</summary>
internal sealed class RecordingSink(NodeLife life) : INotificationSink
{
    public string Name => "pager";

    public async ValueTask DeliverAsync(Notification notification, CancellationToken cancellationToken)
    {
        await life.SleepAsync(life.Dice.Span(TimeSpan.Zero, life.Faults.StoreLatency));
        if (life.Dice.Chance(life.Faults.SinkFails)) throw new TimeoutException("the pager did not answer");
        life.Simulation.Delivered(notification);
        await life.SleepAsync(life.Dice.Span(TimeSpan.Zero, life.Faults.StoreLatency));
    }
}
