using ClosedLoop.Storage;

namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>The logs of the items that changed last, up to the place that the roll-up has read; others are read from the store. Not safe for use by several threads.</summary>
internal sealed class ItemLogs(ILoopStore store)
{
    private const int Capacity = 50_000;
    private const int Page = 1_000;

    private readonly Dictionary<string, LinkedListNode<(string Id, ItemLog Log)>> _byId = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Id, ItemLog Log)> _byUse = [];

    public void Clear()
    {
        _byId.Clear();
        _byUse.Clear();
    }

    /// <summary>The log of an item up to and with a place.</summary>
    /// <param name="id">The item.</param>
    /// <param name="through">The place.</param>
    /// <param name="next">Its first change after that.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async ValueTask<ItemLog> FindAsync(string id, long through, Transition next, CancellationToken cancellationToken)
    {
        if (_byId.TryGetValue(id, out var known))
        {
            _byUse.Remove(known);
            _byUse.AddFirst(known);
            return known.Value.Log;
        }
        var log = new ItemLog();
        // An item that is opened has no past, unless it gave way to another before; that past brings nothing.
        if (next.Kind != TransitionKind.Opened && through > 0) await ReadAsync(id, through, log, cancellationToken).ConfigureAwait(false);
        _byId[id] = _byUse.AddFirst((id, log));
        if (_byUse.Count > Capacity && _byUse.Last is { } oldest)
        {
            _byUse.RemoveLast();
            _byId.Remove(oldest.Value.Id);
        }
        return log;
    }

    private async ValueTask ReadAsync(string id, long through, ItemLog log, CancellationToken cancellationToken)
    {
        long after = 0;
        while (after < through)
        {
            var page = await store.ReadTransitionsAsync(new TransitionQuery { ItemId = id, After = after, Limit = Page }, cancellationToken).ConfigureAwait(false);
            foreach (var change in page)
                if (change.Sequence <= through) log.Add(change);
            if (page.Count < Page) return;
            after = page[^1].Sequence;
        }
    }
}
