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
    private readonly Lock _lock = new();

    /// <summary>An evaluation came to its end.</summary>
    public void Round(DateTimeOffset at)
    {
        lock (_lock) _lastRound = at;
    }

    public IReadOnlyList<Pulse> Take(DateTimeOffset now)
    {
        DateTimeOffset? round;
        lock (_lock) round = _lastRound;
        var known = sources.All.ToDictionary(static s => s.Source, StringComparer.Ordinal);
        return
        [
            new Pulse { Source = Engine, At = now, LastGoodPollAt = round },
            .. adapters.Probing.Select(adapter =>
            {
                var status = known.GetValueOrDefault(adapter.Name);
                // So much later than every poll interval as its last answer is old.
                var lag = status?.ReachedAt is { } reached && now - reached > adapter.PollInterval ? now - reached - adapter.PollInterval : (TimeSpan?)(status?.ReachedAt is null ? null : TimeSpan.Zero);
                return new Pulse { Source = adapter.Name, At = now, LastGoodPollAt = status?.ReachedAt, BlindSince = status?.BlindSince, Lag = lag };
            }),
        ];
    }
}
