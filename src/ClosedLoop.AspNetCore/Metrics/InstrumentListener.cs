using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ClosedLoop.Diagnostics;

namespace ClosedLoop.AspNetCore.Metrics;

/// <summary>Adds up what the instruments of this host record, from its creation on. Safe from several threads.</summary>
internal sealed class InstrumentListener : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, InstrumentSeries> _instruments = new();

    public InstrumentListener(LoopMetrics metrics)
    {
        // Several hosts of one process, as in tests, each have a meter of the same name.
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter)) listener.EnableMeasurementEvents(instrument, _instruments.GetOrAdd(instrument, static i => new InstrumentSeries(i)));
        };
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, series) => ((InstrumentSeries)series!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, series) => ((InstrumentSeries)series!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, series) => ((InstrumentSeries)series!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>Reads all instruments. One caller at a time.</summary>
    public IReadOnlyList<MetricFamily> Read()
    {
        foreach (var series in _instruments.Values) series.BeginObservation();
        _listener.RecordObservableInstruments();
        return [.. _instruments.Values.Select(static s => s.ToFamily())];
    }

    public void Dispose() => _listener.Dispose();
}
