using System.Collections.Concurrent;
using ClosedLoop.Hosting;

namespace ClosedLoop.Reconciliation;

/// <summary>Which sources can be reached. While one cannot, its gates are blind: neither pass nor breach. Safe from several threads.</summary>
internal sealed class SourceHealth(AdapterCatalog adapters, TimeProvider time)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly ConcurrentDictionary<string, SourceStatus> _sources = new(StringComparer.Ordinal);

    public IReadOnlyCollection<SourceStatus> All => [.. _sources.Values.OrderBy(static s => s.Source, StringComparer.Ordinal)];

    public void Reached(string source, DateTimeOffset at) => _sources[source] = new SourceStatus(source, at, null, null);

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
