namespace ClosedLoop.Testing.Time;

/// <summary>
/// A clock that moves only when it is told to, for tests and simulation: pass it wherever a <see cref="TimeProvider"/> is taken.
/// </summary>
/// <remarks>
/// Timers, and so <c>Task.Delay(wait, time)</c> and <c>CancellationTokenSource(wait, time)</c>, fire on the thread that moves the
/// clock, in the order of their due times, each while the clock shows its own due time. Timers of one instant fire in the order in
/// which they were set. A continuation may run on another thread: wait for the work itself, not for the clock. Safe from several
/// threads, but only one may move the clock at a time.
/// </remarks>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly SortedSet<ManualTimer> _timers = new(ManualTimer.FiringOrder);
    private DateTimeOffset _now;
    private long _sequence;

    /// <summary>Starts at 2026-01-05 09:00 UTC, a Monday.</summary>
    public ManualTimeProvider()
        : this(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>Starts at an instant.</summary>
    public ManualTimeProvider(DateTimeOffset start) => _now = start.ToUniversalTime();

    /// <summary>When the next timer fires; null when none is set.</summary>
    public DateTimeOffset? NextTimerAt
    {
        get
        {
            lock (_gate) return _timers.Min?.DueAt;
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Moves the clock on and fires every timer that falls due on the way, those set on the way included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The span is negative.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        AdvanceTo(GetUtcNow() + by);
    }

    /// <summary>Moves the clock to an instant and fires every timer that falls due on the way, those set on the way included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The instant is in the past.</exception>
    public void AdvanceTo(DateTimeOffset instant)
    {
        lock (_gate) ArgumentOutOfRangeException.ThrowIfLessThan(instant, _now);
        while (TakeDue(instant) is { } timer) timer.Fire();
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    internal void Schedule(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            timer.Period = period;
            if (dueTime == Timeout.InfiniteTimeSpan) return;
            timer.DueAt = _now + dueTime;
            timer.Sequence = ++_sequence;
            _timers.Add(timer);
        }
    }

    internal void Remove(ManualTimer timer)
    {
        lock (_gate) _timers.Remove(timer);
    }

    private ManualTimer? TakeDue(DateTimeOffset instant)
    {
        lock (_gate)
        {
            if (_timers.Min is not { } timer || timer.DueAt > instant)
            {
                if (instant > _now) _now = instant.ToUniversalTime();
                return null;
            }
            _timers.Remove(timer);
            if (timer.DueAt > _now) _now = timer.DueAt;
            if (timer.Period > TimeSpan.Zero)
            {
                timer.DueAt += timer.Period;
                timer.Sequence = ++_sequence;
                _timers.Add(timer);
            }
            return timer;
        }
    }
}
