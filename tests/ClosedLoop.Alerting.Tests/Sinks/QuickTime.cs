using System.Collections.Concurrent;

namespace ClosedLoop.Alerting.Tests.Sinks;

/// <summary>A clock on which short waits are over at once, and are kept; long ones (time limits) never end.</summary>
internal sealed class QuickTime : TimeProvider
{
    /// <summary>Longer waits than this never end; the sinks' default time limit is one.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(9);

    public ConcurrentQueue<TimeSpan> Waits { get; } = [];

    public DateTimeOffset Now { get; set; } = Notices.Now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > LongestWait || dueTime < TimeSpan.Zero) return new Timer();
        Waits.Enqueue(dueTime);
        _ = Task.Run(() => callback(state));
        return new Timer();
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
