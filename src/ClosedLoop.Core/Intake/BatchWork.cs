using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Lines;
using ClosedLoop.Storage;

namespace ClosedLoop.Intake;

/// <summary>A batch while it is folded: the working set, and what is to be stored.</summary>
internal sealed class BatchWork
{
    private readonly ILoopStore _store;
    private readonly object? _token;
    private readonly CancellationToken _cancellationToken;
    private readonly HashSet<Key> _subjects = [];
    private readonly HashSet<Key> _targets = [];

    public BatchWork(Neighbourhood neighbourhood, ILoopStore store, CancellationToken cancellationToken)
    {
        (_store, _token, _cancellationToken) = (store, neighbourhood.Token, cancellationToken);
        foreach (var fact in neighbourhood.Facts) Graph.Apply(fact);
        Stored = neighbourhood.Items.ToDictionary(static r => Key.Item(r.State.Id));
        Known = [.. neighbourhood.KnownDeliveries];
    }

    public FactGraph Graph { get; } = new();

    public Dictionary<Key, ItemRecord> Stored { get; }

    public HashSet<DeliveryId> Known { get; }

    public Dictionary<RegisterId, Fact> Registers { get; } = [];

    public List<CommitNode> History { get; } = [];

    public HashSet<Key> Touched { get; } = [];

    public HashSet<Key> ChangedItems { get; } = [];

    public List<LoggedFact> Log { get; } = [];

    public OrderedDictionary<Key, ItemRecord> Items { get; } = [];

    public List<string> RemovedItems { get; } = [];

    public List<Transition> Transitions { get; } = [];

    public List<DueChange> Due { get; } = [];

    public List<DeliveryId> Deliveries { get; } = [];

    public List<QuarantineEntry> Quarantine { get; } = [];

    /// <summary>Adds the neighbourhood of further keys to the working set, as <see cref="ILoopStore.LoadAsync"/> has it.</summary>
    /// <exception cref="StaleReadException">The record has changed since the first part was read.</exception>
    public async ValueTask LoadAsync(IReadOnlyCollection<Key> subjects, IReadOnlyCollection<Key> targets)
    {
        var request = new LoadRequest { Subjects = [.. subjects.Where(_subjects.Add)], Targets = [.. targets.Where(t => !_subjects.Contains(t) && _targets.Add(t))] };
        if (request.Subjects.Count + request.Targets.Count == 0) return;
        var more = await _store.LoadAsync(request, _cancellationToken).ConfigureAwait(false);
        if (!Equals(more.Token, _token)) throw new StaleReadException();
        foreach (var fact in more.Facts) Graph.Apply(fact);
        foreach (var item in more.Items) Stored.TryAdd(Key.Item(item.State.Id), item);
    }

    public bool IsOpen(Key item)
    {
        if (RemovedItems.Contains(item.Value)) return false;
        var state = Items.GetValueOrDefault(item)?.State ?? Stored.GetValueOrDefault(item)?.State;
        return state is not null && DuePlan.IsWatched(state);
    }
}
