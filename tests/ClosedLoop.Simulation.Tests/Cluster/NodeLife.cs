using ClosedLoop.Simulation.Tests.Scheduling;
using ClosedLoop.Storage;

namespace ClosedLoop.Simulation.Tests.Cluster;

/// <summary>A node from its start to its end. When it crashes, whatever waits in it waits for ever: nothing of it runs any more, not even a finally.</summary>
internal sealed class NodeLife(Simulation simulation, string name, NodeClock clock, Dice dice)
{
    public string Name => name;

    public Simulation Simulation => simulation;

    public NodeClock Clock => clock;

    public Dice Dice => dice;

    public VirtualScheduler Scheduler => simulation.Scheduler;

    public Faults Faults => simulation.Faults;

    public bool IsAlive { get; private set; } = true;

    public int Waiting { get; private set; }

    /// <summary>Set to begin the next life.</summary>
    public Action Ended { get; set; } = static () => { };

    public void End()
    {
        if (!IsAlive) return;
        IsAlive = false;
        Ended();
    }

    /// <summary>A yield point: others run, and the node may be gone.</summary>
    public Task SleepAsync(TimeSpan span)
    {
        Scheduler.RequireOwnThread(name);
        if (Dice.Chance(Faults.CrashAtPoint))
        {
            simulation.Trace.Add(name, "crashes");
            End();
        }
        if (IsAlive && span == TimeSpan.Zero) return Task.CompletedTask;
        // Continuations run where it is completed: in the scheduler's loop.
        var resumed = new TaskCompletionSource();
        if (!IsAlive) return resumed.Task;
        Waiting++;
        Scheduler.After(span, () =>
        {
            if (!IsAlive) return;
            Waiting--;
            resumed.SetResult();
        });
        return resumed.Task;
    }

    /// <summary>A yield point of the store's, at which it may fail.</summary>
    public async ValueTask StoreAsync(string call, double fails, bool waits)
    {
        await SleepAsync(waits ? Dice.Span(TimeSpan.Zero, Faults.StoreLatency) : TimeSpan.Zero);
        if (!Dice.Chance(fails)) return;
        simulation.Trace.Add(name, $"store fails {call}");
        throw new StoreUnavailableException($"the simulated store failed {call}");
    }
}
