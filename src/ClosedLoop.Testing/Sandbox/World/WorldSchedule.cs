namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>
/// What happens when in the sandbox: steps in the order of their due times, one at a time. A step's due time follows from the due
/// time of the step before it, never from the clock, so the order of the world does not depend on how busy the machine is.
/// </summary>
internal sealed class WorldSchedule(TimeProvider time, double speed, Lock worldLock)
{
    private readonly PriorityQueue<Func<CancellationToken, Task>, (TimeSpan Due, long Sequence)> _steps = new();
    private TimeSpan _now;
    private long _sequence;

    /// <summary>Plans a change of the world, so long after the present step. It runs under the world's lock.</summary>
    public void After(TimeSpan delay, Action step) => AfterAwaiting(delay, _ =>
    {
        lock (worldLock) step();
        return Task.CompletedTask;
    });

    /// <summary>Plans something that the world waits for, outside of its lock.</summary>
    public void AfterAwaiting(TimeSpan delay, Func<CancellationToken, Task> step) => _steps.Enqueue(step, (_now + delay, _sequence++));

    /// <summary>Runs until nothing more is planned.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        while (_steps.TryDequeue(out var step, out var place))
        {
            _now = place.Due;
            var wait = (place.Due / speed) - time.GetElapsedTime(started);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            await step(cancellationToken).ConfigureAwait(false);
        }
    }
}
