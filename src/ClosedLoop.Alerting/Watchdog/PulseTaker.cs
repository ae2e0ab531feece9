using System.Globalization;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Hosting;
using ClosedLoop.Reconciliation;

namespace ClosedLoop.Alerting.Watchdog;

/// <summary>Feels the pulses of the engine and of each source. Safe from several threads.</summary>
internal sealed class PulseTaker(AdapterCatalog adapters, SourceHealth sources)
{
    /// <summary>The engine's own name among the pulses.</summary>
    public const string Engine = "engine";

    private DateTimeOffset? _lastRound;
    private long _readUntil;
    private readonly Lock _lock = new();

    /// <summary>An evaluation came to its end, which read the transition log up to a place.</summary>
    public void Round(DateTimeOffset at, long readUntil)
    {
        lock (_lock) (_lastRound, _readUntil) = (at, readUntil);
    }

    public IReadOnlyList<Pulse> Take(DateTimeOffset now)
    {
        DateTimeOffset? round;
        long readUntil;
        lock (_lock) (round, readUntil) = (_lastRound, _readUntil);
        var known = sources.All.ToDictionary(static s => s.Source, StringComparer.Ordinal);
        return
        [
            new Pulse { Source = Engine, At = now, LastGoodPollAt = round, Cursor = round is null ? null : readUntil.ToString(CultureInfo.InvariantCulture) },
            .. adapters.Probing.Select(adapter =>
            {
                var status = known.GetValueOrDefault(adapter.Name);
                // So much later than every poll interval as its last answer is old.
                var lag = status?.ReachedAt is { } reached && now - reached > adapter.PollInterval ? now - reached - adapter.PollInterval : (TimeSpan?)(status?.ReachedAt is null ? null : TimeSpan.Zero);
                return new Pulse { Source = adapter.Name, At = now, LastGoodPollAt = status?.ReachedAt, BlindSince = status?.BlindSince, Lag = lag, Cursor = sources.SweptUntil(adapter.Name)?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) };
            }),
        ];
    }
}
