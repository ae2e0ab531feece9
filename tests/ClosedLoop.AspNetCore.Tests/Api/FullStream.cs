namespace ClosedLoop.AspNetCore.Tests.Api;

/// <summary>The body of a client whose buffers are full: a write never ends by itself.</summary>
internal sealed class FullStream : MemoryStream
{
    private readonly TaskCompletionSource _blocked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a write waits.</summary>
    public Task Blocked => _blocked.Task;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _blocked.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }
}
