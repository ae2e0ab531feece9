using System.Collections.Concurrent;
using ClosedLoop.Adapters;
using ClosedLoop.Deadlines;
using ClosedLoop.Hosting;

namespace ClosedLoop.Reconciliation;

/// <summary>Which sources can be reached. While one cannot, its gates are blind: neither pass nor breach. Safe from several threads.</summary>
internal sealed class SourceHealth(AdapterCatalog adapters, TimeProvider time)
{
    /// <summary>Outages kept of one source; limits that began before the oldest are paused for less than they should be.</summary>
    private const int MaxSpans = 256;

    private readonly ConcurrentDictionary<string, (DateTimeOffset From, DateTimeOffset To)[]> _spans = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly ConcurrentDictionary<string, SourceStatus> _sources = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, SourceReading> _readings = new(StringComparer.Ordinal);

    /// <summary>How this process reads a source, as of the last round.</summary>
    public void Read(string source, SourceReading reading) => _readings[source] = reading;

    /// <summary>What is known of a source that is probed.</summary>
    public SourceStatus Describe(AdapterRegistration adapter)
    {
        var reading = _readings.GetValueOrDefault(adapter.Name);
        return (_sources.GetValueOrDefault(adapter.Name) ?? new SourceStatus(adapter.Name, null, null, null)) with
        {
            PollInterval = adapter.PollInterval,
            TakesWebhooks = adapter.Translator is not null,
            Gates = [.. adapter.Gates],
            CallsPerHour = adapter.CallsPerHour,
            CallsLeft = reading?.CallsLeft,
            PausedUntil = reading?.PausedUntil > time.GetUtcNow() ? reading.PausedUntil : null,
            Lag = reading?.Lag,
            Stretch = reading?.Stretch ?? 1,
        };
    }

    public IReadOnlyCollection<SourceStatus> All => [.. _sources.Values.OrderBy(static s => s.Source, StringComparer.Ordinal)];

    /// <summary>Since when this process watches.</summary>
    public DateTimeOffset StartedAt => _startedAt;

    public void Reached(string source, DateTimeOffset at)
    {
        if (_sources.TryGetValue(source, out var known) && known.BlindSince is { } since && since < at)
            _spans.AddOrUpdate(source, _ => [(since, at)], (_, spans) => [.. spans.TakeLast(MaxSpans - 1), (since, at)]);
        _sources[source] = new SourceStatus(source, at, null, null);
    }

    public void Lost(string source, DateTimeOffset at, string detail) =>
        _sources.AddOrUpdate(source, _ => new SourceStatus(source, null, at, detail), (_, known) => known with { BlindSince = known.BlindSince ?? at, Detail = detail });

    /// <summary>
    /// Whether no source that feeds a gate was read yet since the start, so that the record may be old: what finished while nothing
    /// ran must be found before limits are judged. For two poll intervals at most, since another node may do the reading.
    /// </summary>
    public bool IsUnread(string gate, DateTimeOffset now)
    {
        bool unread = false;
        foreach (var adapter in adapters.Probing)
        {
            if (!adapter.Gates.Contains(gate, StringComparer.Ordinal)) continue;
            if (_sources.ContainsKey(adapter.Name)) return false;
            unread |= now < _startedAt + (adapter.PollInterval * 2);
        }
        return unread;
    }

    /// <summary>When a gate was blind between two instants, as far as this process saw it: its clocks stand still meanwhile.</summary>
    public IReadOnlyList<ClockPause> BlindSpans(string gate, DateTimeOffset from, DateTimeOffset to) =>
        [.. Reconciliation.BlindSpans.Common([.. adapters.Probing.Where(a => a.Gates.Contains(gate, StringComparer.Ordinal)).Select(a => SpansOf(a.Name, to))], from, to).Select(static s => new ClockPause(s.From, s.To, "blind"))];

    /// <summary>When a source that feeds a gate last came back; null when none was away.</summary>
    public DateTimeOffset? CameBackAt(string gate)
    {
        DateTimeOffset? last = null;
        foreach (var adapter in adapters.Probing)
            if (adapter.Gates.Contains(gate, StringComparer.Ordinal) && _spans.TryGetValue(adapter.Name, out var spans) && !(last > spans[^1].To))
                last = spans[^1].To;
        return last;
    }

    private (DateTimeOffset From, DateTimeOffset To)[] SpansOf(string source, DateTimeOffset now)
    {
        var spans = _spans.GetValueOrDefault(source) ?? [];
        return _sources.TryGetValue(source, out var status) && status.BlindSince is { } since && since < now ? [.. spans, (since, now)] : spans;
    }

    /// <summary>The unreachable source that a gate depends on, or null when at least one source that feeds it can be reached or none is known.</summary>
    public SourceStatus? BlindFor(string gate)
    {
        SourceStatus? blind = null;
        foreach (var adapter in adapters.Probing)
        {
            if (!adapter.Gates.Contains(gate, StringComparer.Ordinal)) continue;
            if (!_sources.TryGetValue(adapter.Name, out var status) || status.BlindSince is null) return null;
            blind = status;
        }
        return blind;
    }
}
