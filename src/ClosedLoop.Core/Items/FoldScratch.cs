using ClosedLoop.Facts;

namespace ClosedLoop.Items;

/// <summary>
/// The lists that folding an item needs for a moment: one set of them for all items that a thread folds in a batch. Not safe for use by
/// several threads.
/// </summary>
internal sealed class FoldScratch
{
    private GateDraft[] _gates = [];

    /// <summary>What the walk below an item has come by.</summary>
    public KeyTrail BelowItem { get; } = new();

    /// <summary>What the walk below a change has come by.</summary>
    public KeyTrail BelowChange { get; } = new();

    /// <summary>The facts of a change.</summary>
    public List<Fact> Facts { get; } = [];

    /// <summary>The landings of a change.</summary>
    public List<Key> Landings { get; } = [];

    /// <summary>The facts that count for a gate.</summary>
    public List<Fact> Accepted { get; } = [];

    /// <summary>The facts by which the series of a gate speak.</summary>
    public List<Fact> Spoken { get; } = [];

    /// <summary>The gates of an item; what stood there before is to be written over.</summary>
    public Span<GateDraft> Gates(int count)
    {
        if (_gates.Length < count) _gates = new GateDraft[count];
        return _gates.AsSpan(0, count);
    }
}
