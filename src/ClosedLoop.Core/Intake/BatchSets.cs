using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Storage;

namespace ClosedLoop.Intake;

/// <summary>What folding a batch needs and does not hand on: one batch after the other works with the same sets. Used by one batch at a time.</summary>
internal sealed class BatchSets
{
    // A set that had to be larger is not kept: to clear it would cost each small batch after it as much as the large one.
    private const int MostKept = 2_048;

    private readonly List<KeyTrail> _touchedBy = [];
    private readonly FoldScratch?[] _scratch = new FoldScratch?[Math.Max(1, Environment.ProcessorCount)];

    public HashSet<DeliveryId> Known { get; private set; } = [];

    public Dictionary<RegisterId, Fact> Registers { get; private set; } = [];

    public HashSet<Key> Touched { get; private set; } = [];

    public HashSet<Key> Above { get; private set; } = [];

    public Dictionary<Key, ItemRecord?> ChangedItems { get; private set; } = [];

    public KeyTrail Trail { get; } = new();

    /// <summary>A set for the rows to read ahead, empty.</summary>
    public HashSet<IndexRange> Ranges
    {
        get
        {
            if (field.Count > MostKept) field = [];
            field.Clear();
            return field;
        }
    } = [];

    /// <summary>How many threads may fold items at the same time.</summary>
    public int Workers => _scratch.Length;

    /// <summary>Lists for one of the threads that fold items.</summary>
    public FoldScratch Scratch(int worker) => _scratch[worker] ??= new FoldScratch();

    /// <summary>The items that a submission concerns.</summary>
    public KeyTrail TouchedBy(int submission)
    {
        while (_touchedBy.Count <= submission) _touchedBy.Add(new KeyTrail());
        return _touchedBy[submission];
    }

    /// <summary>Begins another batch.</summary>
    public void Clear()
    {
        if (Known.Count > MostKept) Known = [];
        if (Registers.Count > MostKept) Registers = [];
        if (Touched.Count > MostKept) Touched = [];
        if (Above.Count > MostKept) Above = [];
        if (ChangedItems.Count > MostKept) ChangedItems = [];
        if (_touchedBy.Count > MostKept) _touchedBy.Clear();
        Known.Clear();
        Registers.Clear();
        Touched.Clear();
        Above.Clear();
        ChangedItems.Clear();
        foreach (var trail in _touchedBy) trail.Clear();
    }
}
