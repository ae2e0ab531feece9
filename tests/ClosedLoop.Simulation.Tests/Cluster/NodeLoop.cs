namespace ClosedLoop.Simulation.Tests.Cluster;

/// <summary>The waiting of one of a node's loops: until an instant, that may be brought forward.</summary>
internal sealed class NodeLoop(NodeLife life)
{
    private TaskCompletionSource? _waiting;
    private DateTimeOffset _until;

    public Task WaitAsync(TimeSpan wait)
    {
        _waiting = new TaskCompletionSource();
        _until = life.Scheduler.Now + wait;
        life.Scheduler.At(_until, Fire);
        return _waiting.Task;
    }

    public void WakeAt(DateTimeOffset instant)
    {
        if (_waiting is null || instant >= _until) return;
        _until = instant;
        life.Scheduler.At(instant, Fire);
    }

    private void Fire()
    {
        if (!life.IsAlive || _waiting is not { } waiting || life.Scheduler.Now < _until) return;
        _waiting = null;
        waiting.SetResult();
    }
}
