using ClosedLoop.Testing.Time;

namespace ClosedLoop.Core.Tests.Time;

public sealed class ManualTimeProviderTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Timers_fire_in_the_order_of_their_due_times_while_the_clock_shows_them()
    {
        var start = _time.GetUtcNow();
        var fired = new List<(string, TimeSpan)>();
        using var late = Timer("late", 3);
        using var early = Timer("early", 1);
        using var again = Timer("early too", 1);

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([("early", TimeSpan.FromSeconds(1)), ("early too", TimeSpan.FromSeconds(1))], fired);
        Assert.Equal(start.AddSeconds(3), _time.NextTimerAt);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(("late", TimeSpan.FromSeconds(3)), fired[^1]);
        Assert.Null(_time.NextTimerAt);
        Assert.Equal(start.AddSeconds(4), _time.GetUtcNow());

        ITimer Timer(string name, int seconds) =>
            _time.CreateTimer(_ => fired.Add((name, _time.GetUtcNow() - start)), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public void A_timer_set_on_the_way_fires_on_the_same_way_and_a_period_repeats()
    {
        int chained = 0, ticks = 0;
        ITimer? second = null;
        using var first = _time.CreateTimer(_ => second = _time.CreateTimer(_ => chained++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        using var period = _time.CreateTimer(_ => ticks++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(5));
        second!.Dispose();
        Assert.Equal((1, 5), (chained, ticks));
    }

    [Fact]
    public async Task Delays_and_cancellations_follow_the_manual_clock()
    {
        var delay = Task.Delay(TimeSpan.FromHours(1), _time);
        using var cancel = new CancellationTokenSource(TimeSpan.FromHours(2), _time);
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.False(delay.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(1));
        await delay;
        Assert.False(cancel.IsCancellationRequested);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(cancel.IsCancellationRequested);
    }

    [Fact]
    public void A_disposed_or_stopped_timer_does_not_fire_and_the_clock_never_goes_back()
    {
        int fired = 0;
        var disposed = _time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        using var stopped = _time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        disposed.Dispose();
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, fired);
        Assert.False(disposed.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        Assert.Throws<ArgumentOutOfRangeException>(() => _time.Advance(TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _time.AdvanceTo(_time.GetUtcNow().AddTicks(-1)));
    }
}
