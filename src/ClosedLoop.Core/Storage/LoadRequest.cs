using ClosedLoop.Facts;

namespace ClosedLoop.Storage;

/// <summary>What to load.</summary>
public sealed record LoadRequest
{
    /// <summary>Subjects of new facts, and items: what is above them and what is below them is wanted.</summary>
    public IReadOnlyCollection<Key> Subjects { get; init; } = [];

    /// <summary>What new facts link to: what is above these is wanted. Hubs such as a branch or an environment are not descended.</summary>
    public IReadOnlyCollection<Key> Targets { get; init; } = [];

    /// <summary>Deliveries to look up.</summary>
    public IReadOnlyCollection<DeliveryId> Deliveries { get; init; } = [];

    /// <summary>Ranges of the line index to read with it.</summary>
    public IReadOnlyList<IndexRange> Index { get; init; } = [];

    /// <summary>
    /// Whether what is loaded will be folded and committed with its token at once. A store that several processes share may then make
    /// others wait until that commit, so that busy ones do not overtake each other for ever. The default is false.
    /// </summary>
    public bool ForCommit { get; init; }
}
