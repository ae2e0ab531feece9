using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Delivery;

/// <summary>
/// A sink that has to be told again and again what fires, because it forgets, as Alertmanager does. Told of all that fires and is not silenced, and of
/// the watchdog's pulses, at its own pace; nothing of this is stored, and a round that fails is followed by the next.
/// </summary>
public interface IStandingSink : IIncidentSink
{
    /// <summary>How often; 10 s to 10 min.</summary>
    TimeSpan RefreshEvery { get; }

    /// <summary>Tells it all that fires now. An exception is logged, and counts as the sink's failure.</summary>
    ValueTask RefreshAsync(IReadOnlyList<IncidentNotice> firing, IReadOnlyList<Pulse> pulses, CancellationToken cancellationToken);
}
