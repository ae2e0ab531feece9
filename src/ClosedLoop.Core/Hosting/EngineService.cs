using ClosedLoop.Intake;
using ClosedLoop.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Hosting;

/// <summary>Drives the engine in a host: one loop for the clocks, one for the outbox and one for each source, so that a slow one holds up nothing else.</summary>
internal sealed partial class EngineService(LoopEngine engine, TransitionFeed feed, TimeProvider time, ILogger<EngineService> logger) : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await RetryAsync("start", async token =>
        {
            await engine.StartAsync(token).ConfigureAwait(false);
            return true;
        }, once: true, stoppingToken).ConfigureAwait(false);
        var loops = engine.Probers.Select(prober => RetryAsync("probe", prober.RunOnceAsync, once: false, stoppingToken, () => prober.PausedUntil)).ToList();
        loops.Add(RetryAsync("clocks", engine.RunClocksAsync, once: false, stoppingToken));
        // A sink that hangs must not keep limits from being judged.
        loops.Add(RetryAsync("outbox", engine.DeliverAsync, once: false, stoppingToken));
        foreach (var other in engine.Others) loops.Add(RetryAsync(other.Name, other.RunOnceAsync, once: false, stoppingToken));
        await Task.WhenAll(loops).ConfigureAwait(false);
    }

    private async Task RetryAsync(string loop, Func<CancellationToken, ValueTask<bool>> work, bool once, CancellationToken stoppingToken, Func<DateTimeOffset>? pausedUntil = null)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var changed = feed.Next;
                bool any = await work(stoppingToken).ConfigureAwait(false);
                if (once) return;
                if (!any) await WaitAsync(changed, pausedUntil?.Invoke(), stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is not StoreVersionException)
            {
                LogFailed(logger, exception, loop, AfterFailure.TotalSeconds);
                await PauseAsync(AfterFailure, stoppingToken).ConfigureAwait(false);
            }
        }
    }

    private async Task WaitAsync(Task changed, DateTimeOffset? pausedUntil, CancellationToken stoppingToken)
    {
        var wait = LongestWait;
        if (await engine.NextWakeAsync(stoppingToken).ConfigureAwait(false) is { } next)
        {
            var until = (pausedUntil > next ? pausedUntil.Value : next) - time.GetUtcNow();
            // What is due already and was not taken is another loop's work.
            if (until > TimeSpan.Zero && until < wait) wait = until > MinimumWait ? until : MinimumWait;
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var delay = Task.Delay(wait, time, stop.Token);
        // A change may have made something due earlier; but a busy record must not make this loop spin.
        await Task.WhenAny(delay, Task.WhenAll(changed, Task.Delay(MinimumWait, time, stop.Token))).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
    }

    private static TimeSpan MinimumWait => TimeSpan.FromMilliseconds(50);

    private async Task PauseAsync(TimeSpan pause, CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopping: the loop sees the token.
        }
    }

    [LoggerMessage(40, LogLevel.Error, "The {Loop} loop failed and goes on in {Seconds} s")]
    private static partial void LogFailed(ILogger logger, Exception exception, string loop, double seconds);
}
