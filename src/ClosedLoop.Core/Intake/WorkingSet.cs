using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Intake;

/// <summary>
/// What the last batches read, kept for the next one: most of what a build or a webhook concerns was read a moment ago for the landing
/// before it. It is good only while the record's mark says that nobody else has written since; else it is dropped and read again.
/// Bounded. Used by one batch at a time.
/// </summary>
internal sealed class WorkingSet(ILoopStore store)
{
    /// <summary>Beyond so many registers all is dropped: about 50 MB.</summary>
    private const int MaxRegisters = 40_000;

    private readonly HashSet<Key> _subjects = [];
    private readonly HashSet<Key> _targets = [];
    private object? _token;

    public FactGraph Graph { get; private set; } = new();

    public Dictionary<Key, ItemRecord> Items { get; private set; } = [];

    /// <summary>The record's mark that all of it belongs to.</summary>
    public object? Token => _token;

    /// <summary>Begins a batch: reads what it needs and is not here yet.</summary>
    /// <returns>The deliveries that are known.</returns>
    public async ValueTask<IReadOnlySet<DeliveryId>> BeginAsync(LoadRequest request, CancellationToken cancellationToken)
    {
        if (Graph.Count > MaxRegisters) Clear();
        var missing = Missing(request);
        var loaded = await store.LoadAsync(missing, cancellationToken).ConfigureAwait(false);
        if (_token is null || !Equals(loaded.Token, _token))
        {
            bool all = _subjects.Count + _targets.Count == 0;
            Clear();
            if (!all) loaded = await store.LoadAsync(request, cancellationToken).ConfigureAwait(false);
            missing = request;
        }
        // Also an equal one: a store may know by it what was loaded for which commit.
        _token = loaded.Token;
        Add(missing, loaded);
        return loaded.KnownDeliveries;
    }

    /// <summary>Adds the neighbourhood of further keys, as <see cref="ILoopStore.LoadAsync"/> has it.</summary>
    /// <exception cref="StaleReadException">The record has changed since the batch began.</exception>
    public async ValueTask LoadAsync(IReadOnlyCollection<Key> subjects, IReadOnlyCollection<Key> targets, CancellationToken cancellationToken)
    {
        var missing = Missing(new LoadRequest { Subjects = subjects, Targets = targets });
        if (missing.Subjects.Count + missing.Targets.Count == 0) return;
        var more = await store.LoadAsync(missing, cancellationToken).ConfigureAwait(false);
        if (!Equals(more.Token, _token)) throw new StaleReadException();
        Add(missing, more);
    }

    /// <summary>The batch is stored: what it made of the record is what the next one finds.</summary>
    public void Stored(StoreCommit commit, object? token)
    {
        if (token is null)
        {
            Clear();
            return;
        }
        foreach (var item in commit.Items) Items[Key.Item(item.State.Id)] = item with { Json = null };
        foreach (string id in commit.RemovedItems) Items.Remove(Key.Item(id));
        _token = token;
    }

    /// <summary>Drops everything: a batch that was not stored has left its marks in it.</summary>
    public void Clear()
    {
        Graph = new FactGraph();
        Items = [];
        _subjects.Clear();
        _targets.Clear();
        _token = null;
    }

    private LoadRequest Missing(LoadRequest request) => request with
    {
        Subjects = [.. request.Subjects.Where(s => !_subjects.Contains(s))],
        Targets = [.. request.Targets.Where(t => !_subjects.Contains(t) && !_targets.Contains(t))],
    };

    private void Add(LoadRequest request, Neighbourhood loaded)
    {
        foreach (var fact in loaded.Facts) Graph.Apply(fact);
        foreach (var item in loaded.Items) Items.TryAdd(Key.Item(item.State.Id), item);
        _subjects.UnionWith(request.Subjects);
        _targets.UnionWith(request.Targets);
    }
}
