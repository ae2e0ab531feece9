namespace ClosedLoop.Simulation.Tests.Scheduling;

/// <summary>A node's own clock: the simulation's time and how far the node is off.</summary>
internal sealed class NodeClock(VirtualScheduler scheduler, TimeSpan skew) : TimeProvider
{
    public TimeSpan Skew => skew;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => scheduler.Now + skew;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new SimulatedTimer(scheduler, callback, state, dueTime, period);

    private sealed class SimulatedTimer : ITimer
    {
        private readonly VirtualScheduler _scheduler;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private int _version;

        public SimulatedTimer(VirtualScheduler scheduler, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_scheduler, _callback, _state) = (scheduler, callback, state);
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            int version = ++_version;
            if (dueTime != Timeout.InfiniteTimeSpan) _scheduler.After(dueTime, () => Fire(version, period));
            return true;
        }

        public void Dispose() => _version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(int version, TimeSpan period)
        {
            if (version != _version) return;
            if (period > TimeSpan.Zero) _scheduler.After(period, () => Fire(version, period));
            _callback(_state);
        }
    }
}
