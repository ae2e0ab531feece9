using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Storage;

namespace ClosedLoop.Intake;

/// <summary>
/// What the last batches read, kept for the next one: most of what a build or a webhook concerns was read a moment ago for the landing
/// before it. It is good only while the record's mark says that nobody else has written since; else it is dropped and read again.
/// Bounded. Used by one batch at a time.
/// </summary>
/// <remarks>
/// While one batch is being stored, the next is folded as if that one were stored: what it reads lacks that batch or has it, and the batch
/// lies over both. Registers join, so an old one read late changes nothing; items, deliveries and index rows are overlaid by name. If
/// that batch fails, <see cref="Settle"/> says so, and the next is folded again.
/// </remarks>
internal sealed class WorkingSet(ILoopStore store)
{
    /// <summary>Beyond so many registers all is dropped: about 50 MB.</summary>
    private const int MaxRegisters = 40_000;

    /// <summary>Beyond so many index rows and ranges these are dropped: about 50 MB.</summary>
    private const int MaxIndexRows = 100_000;

    private readonly HashSet<Key> _subjects = [];
    private readonly HashSet<Key> _targets = [];
    private PendingWrite? _pending;
    private object? _token;

    public FactGraph Graph { get; private set; } = new();

    public Dictionary<Key, ItemRecord> Items { get; private set; } = [];

    /// <summary>What is known of the line index.</summary>
    public IndexCache Index { get; } = new();

    /// <summary>The skeletons of the repositories' histories, with what the batches added: a line's is as large as the number of branches that were merged into it.</summary>
    public Dictionary<string, LineGraph> Lines { get; } = new(StringComparer.Ordinal);

    /// <summary>The record's mark that all of it belongs to.</summary>
    public object? Token => _token;

    /// <summary>Index rows that are being stored at this moment: a scan may not have them yet.</summary>
    public PendingRows PendingRows => _pending?.Rows ?? PendingRows.None;

    /// <summary>Begins a batch: reads what it needs and is not here yet.</summary>
    /// <returns>The deliveries that are known.</returns>
    public async ValueTask<IReadOnlySet<DeliveryId>> BeginAsync(LoadRequest request, CancellationToken cancellationToken)
    {
        if (_pending is { IsCompleted: true }) Settle();
        if (Graph.Count > MaxRegisters && _pending is null) Clear();
        if (Index.Count > MaxIndexRows) Index.Clear();
        var missing = Missing(request);
        // While a batch is on its way the store is not held for this one: it would wait for that.
        var loaded = await store.LoadAsync(_pending is null ? missing : missing with { ForCommit = false }, cancellationToken).ConfigureAwait(false);
        if (_pending is null && (_token is null || !Equals(loaded.Token, _token)))
        {
            bool all = Size(missing) == Size(request);
            Clear();
            if (!all) loaded = await store.LoadAsync(request, cancellationToken).ConfigureAwait(false);
            missing = request;
        }
        // Also an equal one: a store may know by it what was loaded for which commit.
        if (_pending is null) _token = loaded.Token;
        Add(missing, loaded);
        return _pending is { Commit.Deliveries: { Count: > 0 } taken } ? new HashSet<DeliveryId>([.. loaded.KnownDeliveries, .. taken]) : loaded.KnownDeliveries;
    }

    /// <summary>Adds the neighbourhood of further keys, as <see cref="ILoopStore.LoadAsync"/> has it.</summary>
    /// <exception cref="StaleReadException">The record has changed since the batch began.</exception>
    public async ValueTask LoadAsync(IReadOnlyCollection<Key> subjects, IReadOnlyCollection<Key> targets, CancellationToken cancellationToken)
    {
        var missing = Missing(new LoadRequest { Subjects = subjects, Targets = targets });
        if (missing.Subjects.Count + missing.Targets.Count == 0) return;
        var more = await store.LoadAsync(missing, cancellationToken).ConfigureAwait(false);
        if (_pending is null && !Equals(more.Token, _token)) throw new StaleReadException();
        Add(missing, more);
    }

    /// <summary>The batch before has been stored, or not: to be called before the next one is.</summary>
    /// <returns>Whether what was folded since stands; else all is dropped.</returns>
    public bool Settle()
    {
        if (_pending is not { } pending) return true;
        // What was read meanwhile is of before that batch or of after it. If somebody else wrote before it, it was a conflict itself; if after
        // it, the mark that it left is not the record's any more, and the next one is.
        if (!pending.IsStored)
        {
            Clear();
            return false;
        }
        _token = pending.Token;
        _pending = null;
        return true;
    }

    /// <summary>The batch is about to be stored: what it makes of the record is what the next one finds.</summary>
    public PendingWrite Write(StoreCommit commit)
    {
        foreach (var item in commit.Items) Items[Key.Item(item.State.Id)] = item.AsStored();
        foreach (string id in commit.RemovedItems) Items.Remove(Key.Item(id));
        foreach (var change in commit.Index) Index.Write(change);
        return _pending = new PendingWrite(commit);
    }

    /// <summary>Drops everything: a batch that was not stored has left its marks in it. Not while another one is being stored.</summary>
    public void Clear()
    {
        Graph = new FactGraph();
        Items = [];
        _subjects.Clear();
        _targets.Clear();
        Index.Clear();
        Lines.Clear();
        _token = null;
        _pending = null;
    }

    private LoadRequest Missing(LoadRequest request) => request with
    {
        Subjects = [.. request.Subjects.Where(s => !_subjects.Contains(s))],
        Targets = [.. request.Targets.Where(t => !_subjects.Contains(t) && !_targets.Contains(t))],
        Index = [.. request.Index.Where(r => Index.Find(r) is null)],
    };

    private static int Size(LoadRequest request) => request.Subjects.Count + request.Targets.Count + request.Index.Count;

    private void Add(LoadRequest request, Neighbourhood loaded)
    {
        foreach (var fact in loaded.Facts) Graph.Apply(fact);
        foreach (var item in loaded.Items)
            if (_pending?.Commit.RemovedItems.Contains(item.State.Id) != true)
                Items.TryAdd(Key.Item(item.State.Id), item);
        for (int i = 0; i < request.Index.Count; i++) Index.Add(request.Index[i], loaded.Index[i], PendingRows);
        _subjects.UnionWith(request.Subjects);
        _targets.UnionWith(request.Targets);
    }
}
