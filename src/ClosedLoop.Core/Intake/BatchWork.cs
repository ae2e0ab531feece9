using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Lines;
using ClosedLoop.Storage;

namespace ClosedLoop.Intake;

/// <summary>A batch while it is folded: the working set, and what is to be stored.</summary>
internal sealed class BatchWork(WorkingSet set, IReadOnlySet<DeliveryId> known, CancellationToken cancellationToken)
{
    public FactGraph Graph => set.Graph;

    public Dictionary<Key, ItemRecord> Stored => set.Items;

    public HashSet<DeliveryId> Known { get; } = [.. known];

    public Dictionary<RegisterId, Fact> Registers { get; } = [];

    /// <summary>Those of them that were not there before: nothing has to be taken away for them.</summary>
    public HashSet<RegisterId> NewRegisters { get; } = [];

    public List<CommitNode> History { get; } = [];

    public HashSet<Key> Touched { get; } = [];

    /// <summary>The items above the fact that is being taken: one set for all of them.</summary>
    public HashSet<Key> Above { get; } = [];

    public HashSet<Key> ChangedItems { get; } = [];

    /// <summary>Items of which a source told that was read for the first time.</summary>
    public HashSet<Key> FirstRead { get; } = [];

    public List<LoggedFact> Log { get; } = [];

    public OrderedDictionary<Key, ItemRecord> Items { get; } = [];

    public List<string> RemovedItems { get; } = [];

    public List<Transition> Transitions { get; } = [];

    public List<DueChange> Due { get; } = [];

    public List<DeliveryId> Deliveries { get; } = [];

    public List<QuarantineEntry> Quarantine { get; } = [];

    /// <summary>Adds the neighbourhood of further keys to the working set.</summary>
    /// <exception cref="StaleReadException">The record has changed since the batch began.</exception>
    public ValueTask LoadAsync(IReadOnlyCollection<Key> subjects, IReadOnlyCollection<Key> targets) => set.LoadAsync(subjects, targets, cancellationToken);

    public bool IsOpen(Key item)
    {
        if (RemovedItems.Contains(item.Value)) return false;
        var state = Items.GetValueOrDefault(item)?.State ?? Stored.GetValueOrDefault(item)?.State;
        return state is not null && DuePlan.IsWatched(state);
    }
}
