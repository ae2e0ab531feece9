using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Hosting;
using ClosedLoop.Outbox;
using ClosedLoop.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Alerting.Watchdog;

/// <summary>Refreshes every standing sink, beside each other: one that hangs holds up no other for longer than its own timeout.</summary>
internal sealed class StandingRefreshes(
    IEnumerable<IIncidentSink> sinks, EngineStart start, ILoopStore store, PulseTaker pulses, OutboxHealth health, TimeProvider time, IOptions<AlertingOptions> options, ILogger<StandingRefresh> logger) : IClockWork
{
    private readonly StandingRefresh[] _all = [.. sinks.OfType<IStandingSink>().Select(sink => new StandingRefresh(sink, start, store, pulses, health, time, options, logger))];

    public string Name => "refresh";

    public async ValueTask<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        bool any = false;
        foreach (bool did in await Task.WhenAll(_all.Select(refresh => refresh.RunOnceAsync(cancellationToken).AsTask())).ConfigureAwait(false)) any |= did;
        return any;
    }
}
