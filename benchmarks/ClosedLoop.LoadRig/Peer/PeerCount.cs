using MassTransit;

namespace ClosedLoop.LoadRig.Peer;

/// <summary>Counts what the peer has done with its messages, and tells when it is through with all of them.</summary>
public sealed class PeerCount : IReceiveObserver
{
    private TaskCompletionSource _through = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _expected;
    private int _received;
    private int _faults;
    private int _completed;

    public Task Through => _through.Task;

    /// <summary>So many more messages will be published. Call it while none are under way.</summary>
    public void Expect(int signals)
    {
        _through = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _expected, _received + signals);
    }

    public int Received => _received;

    public int Faults => _faults;

    public int Completed => _completed;

    public void AddCompleted() => Interlocked.Increment(ref _completed);

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostReceive(ReceiveContext context) => Count();

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class
    {
        Interlocked.Increment(ref _faults);
        return Task.CompletedTask;
    }

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Count();

    private Task Count()
    {
        if (Interlocked.Increment(ref _received) == Volatile.Read(ref _expected)) _through.TrySetResult();
        return Task.CompletedTask;
    }
}
