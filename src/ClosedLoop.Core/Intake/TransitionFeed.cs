using ClosedLoop.Storage;

namespace ClosedLoop.Intake;

/// <summary>Wakes those in this process who wait for the record to change. A hint only: whoever is woken reads the store.</summary>
internal sealed class TransitionFeed : IStoreSignal
{
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next change. Take it before reading the store, so that no change is missed.</summary>
    public Task Next => _next.Task;

    void IStoreSignal.Changed() => Signal();

    public void Signal() =>
        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
