using System.Diagnostics.Metrics;

namespace ClosedLoop.Samples.Watcher.Sandbox;

/// <summary>Counts ignored duplicates from the library's own meter, as a monitoring system would.</summary>
internal sealed class DuplicateCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;

    public DuplicateCounter()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "ClosedLoop", Name: "closedloop.submissions" }) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            foreach (var (name, tag) in tags)
                if (name == "outcome" && tag is "Duplicate")
                    Interlocked.Add(ref _count, value);
        });
        _listener.Start();
    }

    public long Count => Interlocked.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
