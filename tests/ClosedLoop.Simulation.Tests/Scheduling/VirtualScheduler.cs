namespace ClosedLoop.Simulation.Tests.Scheduling;

/// <summary>
/// One thread and one clock for everything: what is to happen lies in a queue by time, then by the order in which it was asked for. An
/// awaited delay is resumed inside of the queue's loop, so that two flows take turns at their delays and nowhere else.
/// </summary>
internal sealed class VirtualScheduler(DateTimeOffset start)
{
    private readonly PriorityQueue<Action, (long Ticks, long Sequence)> _queue = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _sequence;
    private Exception? _failure;

    public DateTimeOffset Now { get; private set; } = start;

    public long Steps { get; private set; }

    public void At(DateTimeOffset instant, Action action) =>
        _queue.Enqueue(action, (Math.Max(instant.UtcTicks, Now.UtcTicks), ++_sequence));

    public void After(TimeSpan span, Action action) => At(Now + span, action);

    /// <summary>Ends the run after this step, whatever becomes of an exception in the flow that found it.</summary>
    public void Fail(Exception failure) => _failure ??= failure;

    /// <summary>Begins a flow; what it throws ends the run.</summary>
    public void Start(Func<Task> flow)
    {
        _ = GuardAsync();

        async Task GuardAsync()
        {
            try
            {
                await flow();
            }
            catch (Exception exception)
            {
                _failure ??= exception;
            }
        }
    }

    /// <summary>Begins a flow in a node: what goes wrong in it while the node ends is not the run's failure.</summary>
    public void Start(Func<Task> flow, Cluster.NodeLife life, Action failed) => Start(async () =>
    {
        try
        {
            await flow();
        }
        catch (Storage.StoreUnavailableException) when (life.IsAlive)
        {
            failed();
        }
    });

    /// <summary>Does what falls due until an instant, in order.</summary>
    public void RunUntil(DateTimeOffset end)
    {
        while (_queue.TryPeek(out _, out var next) && next.Ticks <= end.UtcTicks)
        {
            var action = _queue.Dequeue();
            Now = new DateTimeOffset(next.Ticks, TimeSpan.Zero);
            Steps++;
            action();
            if (_failure is not null) throw _failure;
        }
        Now = end;
    }

    /// <summary>Work that went to another thread would make runs differ; where it shows, the run fails.</summary>
    public void RequireOwnThread(string where)
    {
        if (Environment.CurrentManagedThreadId != _thread) throw new InvalidOperationException($"{where} runs on another thread than the simulation: something left its scheduler.");
    }
}
