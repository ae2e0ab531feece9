using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace ClosedLoop.AspNetCore.Metrics;

/// <summary>What one instrument recorded, by its attributes. Safe from several threads.</summary>
internal sealed class InstrumentSeries
{
    /// <summary>How many sets of attributes an instrument may have; what comes beyond them is counted together, as OpenTelemetry's SDK does.</summary>
    public const int MostSeries = 2_000;

    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly Instrument _instrument;
    private readonly double[]? _bounds;
    private readonly bool _isCounter;

    public InstrumentSeries(Instrument instrument)
    {
        _instrument = instrument;
        _isCounter = instrument is Counter<long> or Counter<int> or Counter<double> or ObservableCounter<long> or ObservableCounter<double>;
        _bounds = instrument switch
        {
            Histogram<double> h => h.Advice?.HistogramBucketBoundaries?.ToArray() ?? DefaultBounds,
            Histogram<long> h => h.Advice?.HistogramBucketBoundaries?.Select(static b => (double)b).ToArray() ?? DefaultBounds,
            _ => null,
        };
    }

    private bool IsSum => _isCounter || _instrument is UpDownCounter<long> or UpDownCounter<int> or UpDownCounter<double>;

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string key = KeyOf(tags);
        lock (_lock)
        {
            var series = Find(key, tags);
            series.Count++;
            series.Value = IsSum && !_instrument.IsObservable || _bounds is not null ? series.Value + value : value;
            if (_bounds is null) return;
            int bucket = Array.FindIndex(_bounds, b => value <= b);
            series.Buckets[bucket < 0 ? _bounds.Length : bucket]++;
        }
    }

    /// <summary>Forgets what an observable instrument said before: what it does not say any more is gone.</summary>
    public void BeginObservation()
    {
        if (!_instrument.IsObservable) return;
        lock (_lock) _series.Clear();
    }

    public MetricFamily ToFamily()
    {
        lock (_lock)
        {
            var samples = _series.OrderBy(static s => s.Key, StringComparer.Ordinal).Select(static s => s.Value).SelectMany(Samples).ToList();
            return new MetricFamily(FamilyName(), _bounds is not null ? "histogram" : _isCounter ? "counter" : "gauge", _instrument.Description ?? _instrument.Name, samples);
        }
    }

    private IEnumerable<MetricSample> Samples(Series series)
    {
        if (_bounds is null) return [new MetricSample("", series.Labels, series.Value)];
        var samples = new List<MetricSample>(_bounds.Length + 3);
        long sum = 0;
        for (int i = 0; i <= _bounds.Length; i++)
        {
            sum += series.Buckets[i];
            samples.Add(new MetricSample("_bucket", [.. series.Labels, ("le", i < _bounds.Length ? PrometheusText.Number(_bounds[i]) : "+Inf")], sum));
        }
        samples.Add(new MetricSample("_sum", series.Labels, series.Value));
        samples.Add(new MetricSample("_count", series.Labels, series.Count));
        return samples;
    }

    private Series Find(string key, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_series.TryGetValue(key, out var known)) return known;
        bool isFull = _series.Count >= MostSeries;
        // No attributes give an empty key, and nothing else gives this one.
        if (isFull && _series.TryGetValue("\uFFFF", out var rest)) return rest;
        var labels = new List<(string, string)>(tags.Length);
        if (isFull) labels.Add(("otel_metric_overflow", "true"));
        else foreach (var tag in tags) if (tag.Value is not null) labels.Add((PrometheusText.Name(tag.Key), Text(tag.Value)));
        var series = new Series(labels, _bounds is null ? 0 : _bounds.Length + 1);
        _series[isFull ? "\uFFFF" : key] = series;
        return series;
    }

    private static string KeyOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = new StringBuilder();
        foreach (var tag in tags)
        {
            if (tag.Value is null) continue;
            string value = Text(tag.Value);
            // With its length, so that no text can pass for two attributes; and no longer than it is shown.
            key.Append(CultureInfo.InvariantCulture, $"{tag.Key}={value.Length}:{value};");
        }
        return key.ToString();
    }

    private static string Text(object value)
    {
        string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return text.Length <= PrometheusText.MaxValue ? text : text[..PrometheusText.MaxValue];
    }

    private string FamilyName()
    {
        string name = PrometheusText.Name(_instrument.Name);
        string unit = _instrument.Unit switch { "s" => "_seconds", "ms" => "_milliseconds", "By" => "_bytes", "1" => _isCounter ? "" : "_ratio", _ => "" };
        if (unit.Length > 0 && !name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        if (_isCounter && !name.EndsWith("_total", StringComparison.Ordinal)) name += "_total";
        return name;
    }
}
