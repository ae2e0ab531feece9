using ClosedLoop.AspNetCore.Problems;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ClosedLoop.AspNetCore.Api.Streaming;

/// <summary>Opens streams of the transition log, as many at a time as the options allow.</summary>
internal sealed class TransitionStreams(IClosedLoop loop, TimeProvider time, IHostApplicationLifetime lifetime, IOptions<ClosedLoopApiOptions> options)
{
    private readonly int _limit = options.Value.MaxStreams;
    private int _open;

    /// <summary>How many are open.</summary>
    public int Count => Volatile.Read(ref _open);

    public Answer Open(string? item, long after, bool headersOnly)
    {
        if (headersOnly) return new TransitionStream(this, loop, time, lifetime.ApplicationStopping, item, after) { IsHeadersOnly = true };
        if (Interlocked.Increment(ref _open) <= _limit) return new TransitionStream(this, loop, time, lifetime.ApplicationStopping, item, after);
        Close();
        return Problem.TooManyStreams($"{_limit} streams are open, the most that Api:MaxStreams allows; try again, or read GET /transitions?after=… from time to time.");
    }

    public void Close() => Interlocked.Decrement(ref _open);
}
