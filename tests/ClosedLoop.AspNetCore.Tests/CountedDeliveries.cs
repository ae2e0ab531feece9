using System.Diagnostics.Metrics;

namespace ClosedLoop.AspNetCore.Tests;

/// <summary>Counts deliveries of one event or outcome, as an operator's metrics would; other tests' deliveries have other names.</summary>
internal sealed class CountedDeliveries : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _total;

    public CountedDeliveries(string value)
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "closedloop.deliveries") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            foreach (var tag in tags)
                if (tag.Value as string == value)
                    Interlocked.Add(ref _total, count);
        });
        _listener.Start();
    }

    public long Total => Interlocked.Read(ref _total);

    public void Dispose() => _listener.Dispose();
}
