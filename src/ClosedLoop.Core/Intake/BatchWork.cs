using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Lines;
using ClosedLoop.Storage;

namespace ClosedLoop.Intake;

/// <summary>A batch while it is folded: the working set, and what is to be stored.</summary>
internal sealed class BatchWork
{
    private readonly WorkingSet _set;
    private readonly CancellationToken _cancellationToken;

    public BatchWork(WorkingSet set, BatchSets sets, IReadOnlySet<DeliveryId> known, int submissions, CancellationToken cancellationToken)
    {
        (_set, Sets, _cancellationToken) = (set, sets, cancellationToken);
        Log = new List<LoggedFact>(submissions);
        Deliveries = new List<DeliveryId>(submissions);
        sets.Clear();
        sets.Known.UnionWith(known);
    }

    public BatchSets Sets { get; }

    public FactGraph Graph => _set.Graph;

    public Dictionary<Key, ItemRecord> Stored => _set.Items;

    public HashSet<DeliveryId> Known => Sets.Known;

    public Dictionary<RegisterId, Fact> Registers => Sets.Registers;

    /// <summary>Those of them that were not there before: nothing has to be taken away for them.</summary>
    public HashSet<RegisterId> NewRegisters { get; } = [];

    public List<CommitNode> History { get; } = [];

    /// <summary>What was said of where lines stand, the newest or not.</summary>
    public List<Fact> Heads { get; } = [];

    public HashSet<Key> Touched => Sets.Touched;

    /// <summary>The items above the fact that is being taken: one set for all of them.</summary>
    public HashSet<Key> Above => Sets.Above;

    /// <summary>For the walks up to them: one trail for all.</summary>
    public KeyTrail Trail => Sets.Trail;

    /// <summary>The items that come out differently; null for one that no longer exists.</summary>
    public Dictionary<Key, ItemRecord?> ChangedItems => Sets.ChangedItems;

    /// <summary>Items of which a source told that was read for the first time.</summary>
    public HashSet<Key> FirstRead { get; } = [];

    public List<LoggedFact> Log { get; }

    public List<ItemRecord> Items { get; } = [];

    public List<string> RemovedItems { get; } = [];

    public List<Transition> Transitions { get; } = [];

    public List<DueChange> Due { get; } = [];

    public List<DeliveryId> Deliveries { get; }

    public List<QuarantineEntry> Quarantine { get; } = [];

    /// <summary>Adds the neighbourhood of further keys to the working set.</summary>
    /// <exception cref="StaleReadException">The record has changed since the batch began.</exception>
    public ValueTask LoadAsync(IReadOnlyCollection<Key> subjects, IReadOnlyCollection<Key> targets) => _set.LoadAsync(subjects, targets, _cancellationToken);

    public bool IsOpen(Key item)
    {
        var state = ChangedItems.TryGetValue(item, out var changed) ? changed?.State : Stored.GetValueOrDefault(item)?.State;
        return state is not null && DuePlan.IsWatched(state);
    }
}
