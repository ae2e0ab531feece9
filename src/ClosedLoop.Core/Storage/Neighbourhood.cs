using ClosedLoop.Facts;

namespace ClosedLoop.Storage;

/// <summary>What was loaded. The facts are the present registers.</summary>
public sealed record Neighbourhood
{
    /// <summary>All registers of all subjects in the neighbourhood.</summary>
    public required IReadOnlyCollection<Fact> Facts { get; init; }

    /// <summary>The stored items among its keys.</summary>
    public required IReadOnlyCollection<ItemRecord> Items { get; init; }

    /// <summary>Which of the asked deliveries were taken before.</summary>
    public required IReadOnlySet<DeliveryId> KnownDeliveries { get; init; }

    /// <summary>The rows of the asked ranges of the line index, one list for each, in their order; read after the mark.</summary>
    public IReadOnlyList<IReadOnlyList<IndexEntry>> Index { get; init; } = [];

    /// <summary>The store's mark of what was read, to be passed back with the commit; opaque.</summary>
    public object? Token { get; init; }
}
