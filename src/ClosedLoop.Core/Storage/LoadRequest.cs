using ClosedLoop.Facts;

namespace ClosedLoop.Storage;

/// <summary>What to load.</summary>
public sealed record LoadRequest
{
    /// <summary>The keys whose neighbourhood is wanted: subjects of new facts, what they link to, and items.</summary>
    public IReadOnlyCollection<Key> Keys { get; init; } = [];

    /// <summary>Deliveries to look up.</summary>
    public IReadOnlyCollection<DeliveryId> Deliveries { get; init; } = [];
}
