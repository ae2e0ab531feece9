using System.Diagnostics.Metrics;
using System.Globalization;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Diagnostics;
using ClosedLoop.Hosting;
using ClosedLoop.Reconciliation;

namespace ClosedLoop.Alerting.Watchdog;

/// <summary>Feels the pulses of the engine and of each source. Safe from several threads.</summary>
internal sealed class PulseTaker
{
    /// <summary>The engine's own name among the pulses.</summary>
    public const string Engine = "engine";

    private readonly AdapterCatalog _adapters;
    private readonly SourceHealth _sources;
    private DateTimeOffset? _lastRound;
    private long _readUntil;
    private readonly Lock _lock = new();

    public PulseTaker(AdapterCatalog adapters, SourceHealth sources, LoopMetrics metrics)
    {
        _adapters = adapters;
        _sources = sources;
        metrics.Meter.CreateObservableGauge("closedloop.alerts.evaluated.timestamp", LastRound, "s", "When this process last evaluated all causes, in seconds since 1970; without a value it never did.");
    }

    /// <summary>An evaluation came to its end, which read the transition log up to a place.</summary>
    public void Round(DateTimeOffset at, long readUntil)
    {
        lock (_lock) (_lastRound, _readUntil) = (at, readUntil);
    }

    private IEnumerable<Measurement<double>> LastRound()
    {
        lock (_lock) return _lastRound is { } at ? [new Measurement<double>(at.ToUnixTimeMilliseconds() / 1_000d)] : [];
    }

    public IReadOnlyList<Pulse> Take(DateTimeOffset now)
    {
        DateTimeOffset? round;
        long readUntil;
        lock (_lock) (round, readUntil) = (_lastRound, _readUntil);
        var known = _sources.All.ToDictionary(static s => s.Source, StringComparer.Ordinal);
        return
        [
            new Pulse { Source = Engine, At = now, LastGoodPollAt = round, Cursor = round is null ? null : readUntil.ToString(CultureInfo.InvariantCulture) },
            .. _adapters.Probing.Select(adapter =>
            {
                var status = known.GetValueOrDefault(adapter.Name);
                // So much later than every poll interval as its last answer is old.
                var lag = status?.ReachedAt is { } reached && now - reached > adapter.PollInterval ? now - reached - adapter.PollInterval : (TimeSpan?)(status?.ReachedAt is null ? null : TimeSpan.Zero);
                return new Pulse { Source = adapter.Name, At = now, LastGoodPollAt = status?.ReachedAt, BlindSince = status?.BlindSince, Lag = lag, Cursor = _sources.SweptUntil(adapter.Name)?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) };
            }),
        ];
    }
}
