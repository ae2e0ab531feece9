namespace ClosedLoop.AspNetCore.Tests;

/// <summary>A clock that a test sets. Timers run in real time; nothing here waits for one.</summary>
internal sealed class SetTime : TimeProvider
{
    private long _ticks = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero).UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
