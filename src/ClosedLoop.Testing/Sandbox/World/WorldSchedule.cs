namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>
/// What happens when in the sandbox: steps in the order of their due times, one at a time. A step's due time follows from the due
/// time of the step before it, never from the clock, so the order of the world does not depend on how busy the machine is.
/// </summary>
internal sealed class WorldSchedule(TimeProvider time, double speed, Lock worldLock)
{
    private readonly PriorityQueue<Func<CancellationToken, Task>, (TimeSpan Due, long Sequence)> _steps = new();
    private long _sequence;

    /// <summary>Now, in sandbox time since the world began: the due time of the present step.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>When the next step is due, in real time since the world began; null when nothing more is planned.</summary>
    public TimeSpan? NextDue => _steps.TryPeek(out _, out var place) ? place.Due / speed : null;

    /// <summary>Plans a change of the world, so long after the present step. It runs under the world's lock.</summary>
    public void After(TimeSpan delay, Action step) => AfterAwaiting(delay, _ =>
    {
        lock (worldLock) step();
        return Task.CompletedTask;
    });

    /// <summary>Plans something that the world waits for, outside of its lock.</summary>
    public void AfterAwaiting(TimeSpan delay, Func<CancellationToken, Task> step) => _steps.Enqueue(step, (Now + delay, _sequence++));

    /// <summary>Does the next step, whatever the clock shows.</summary>
    /// <returns>False when nothing more is planned.</returns>
    public async ValueTask<bool> StepAsync(CancellationToken cancellationToken)
    {
        if (!_steps.TryDequeue(out var step, out var place)) return false;
        Now = place.Due;
        await step(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Runs by the clock until nothing more is planned.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        while (NextDue is { } due)
        {
            var wait = due - time.GetElapsedTime(started);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            await StepAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
