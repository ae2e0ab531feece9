namespace ClosedLoop.Testing.Time;

/// <summary>A timer on a <see cref="ManualTimeProvider"/>, whose lock guards its times.</summary>
internal sealed class ManualTimer(ManualTimeProvider time, TimerCallback callback, object? state) : ITimer
{
    private volatile bool _disposed;

    public static Comparer<ManualTimer> FiringOrder { get; } = Comparer<ManualTimer>.Create(static (a, b) =>
    {
        int order = a.DueAt.CompareTo(b.DueAt);
        return order != 0 ? order : a.Sequence.CompareTo(b.Sequence);
    });

    public DateTimeOffset DueAt { get; set; }

    public long Sequence { get; set; }

    public TimeSpan Period { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, Timeout.InfiniteTimeSpan);
        if (_disposed) return false;
        time.Schedule(this, dueTime, period);
        return true;
    }

    public void Fire()
    {
        if (!_disposed) callback(state);
    }

    public void Dispose()
    {
        _disposed = true;
        time.Remove(this);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
