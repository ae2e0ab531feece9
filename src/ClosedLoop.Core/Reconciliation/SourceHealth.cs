using System.Collections.Concurrent;
using ClosedLoop.Hosting;

namespace ClosedLoop.Reconciliation;

/// <summary>Which sources can be reached. While one cannot, its gates are blind: neither pass nor breach. Safe from several threads.</summary>
internal sealed class SourceHealth(AdapterCatalog adapters)
{
    private readonly ConcurrentDictionary<string, SourceStatus> _sources = new(StringComparer.Ordinal);

    public IReadOnlyCollection<SourceStatus> All => [.. _sources.Values.OrderBy(static s => s.Source, StringComparer.Ordinal)];

    public void Reached(string source, DateTimeOffset at) => _sources[source] = new SourceStatus(source, at, null, null);

    public void Lost(string source, DateTimeOffset at, string detail) =>
        _sources.AddOrUpdate(source, _ => new SourceStatus(source, null, at, detail), (_, known) => known with { BlindSince = known.BlindSince ?? at, Detail = detail });

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
