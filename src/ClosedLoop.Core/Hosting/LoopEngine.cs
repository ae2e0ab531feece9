using ClosedLoop.Deadlines;
using ClosedLoop.Diagnostics;
using ClosedLoop.Intake;
using ClosedLoop.Lines;
using ClosedLoop.Outbox;
using ClosedLoop.Reconciliation;
using ClosedLoop.Retention;
using ClosedLoop.Storage;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Hosting;

/// <summary>The work that time makes due: probes, limits, outbox. The host's loop and simulations both drive it.</summary>
internal sealed class LoopEngine(
    EngineStart start, ILoopStore store, IIntake intake, AdapterCatalog adapters, SourceHealth health, LineWork lines, ExpectationReader expectations, DeadlineWatch deadlines, OutboxDispatcher outbox, RetentionSweep retention, LookSweep looks, IEnumerable<IClockWork> others,
    TimeProvider time, LoopMetrics metrics, ILoggerFactory loggers)
{
    public IReadOnlyList<Prober> Probers { get; } =
        [.. adapters.Probing.Select(a => new Prober(a, store, intake, health, time, metrics, loggers.CreateLogger<Prober>()))];

    private readonly IClockWork[] _others = [.. others];

    public ValueTask StartAsync(CancellationToken cancellationToken) => start.EnsureAsync(cancellationToken);

    /// <summary>Work of other packages, each with a loop of its own in a host.</summary>
    public IReadOnlyList<IClockWork> Others => _others;

    /// <summary>Delivers what commits decided.</summary>
    public ValueTask<bool> DeliverAsync(CancellationToken cancellationToken) => outbox.RunOnceAsync(cancellationToken);

    /// <summary>Judges limits, and forgets what is old.</summary>
    public async ValueTask<bool> RunClocksAsync(CancellationToken cancellationToken)
    {
        bool any = await start.RefoldDueAsync(cancellationToken).ConfigureAwait(false);
        any |= await lines.RunOnceAsync(cancellationToken).ConfigureAwait(false);
        any |= await expectations.RunOnceAsync(cancellationToken).ConfigureAwait(false);
        any |= await deadlines.RunOnceAsync(cancellationToken).ConfigureAwait(false);
        await looks.RunOnceAsync(cancellationToken).ConfigureAwait(false);
        return await retention.RunOnceAsync(cancellationToken).ConfigureAwait(false) || any;
    }

    /// <summary>Does everything that is due now, until nothing is.</summary>
    public async ValueTask RunDueAsync(CancellationToken cancellationToken)
    {
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        bool any;
        do
        {
            any = false;
            foreach (var prober in Probers) any |= await prober.RunOnceAsync(cancellationToken).ConfigureAwait(false);
            any |= await RunClocksAsync(cancellationToken).ConfigureAwait(false);
            foreach (var other in _others) any |= await other.RunOnceAsync(cancellationToken).ConfigureAwait(false);
            any |= await DeliverAsync(cancellationToken).ConfigureAwait(false);
        }
        while (any);
    }

    public ValueTask<DateTimeOffset?> NextWakeAsync(CancellationToken cancellationToken) => store.NextWakeAsync(cancellationToken);
}
