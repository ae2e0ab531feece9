namespace ClosedLoop.Storage.InMemory;

/// <summary>Names, each with the instant at which it was first seen: the oldest go first, without a look at the others. Guarded by the store's lock.</summary>
internal sealed class AgedSet<T>(IEqualityComparer<T>? comparer = null)
    where T : notnull
{
    private readonly HashSet<T> _known = new(comparer);
    private readonly PriorityQueue<T, long> _byAge = new();

    public void Add(T name, DateTimeOffset at)
    {
        if (_known.Add(name)) _byAge.Enqueue(name, at.UtcTicks);
    }

    public bool Contains(T name) => _known.Contains(name);

    /// <returns>How many were removed.</returns>
    public int Forget(DateTimeOffset? before, int limit)
    {
        int removed = 0;
        while (removed < limit && _byAge.TryPeek(out var name, out long ticks) && ticks < before?.UtcTicks)
        {
            _byAge.Dequeue();
            _known.Remove(name);
            removed++;
        }
        return removed;
    }
}
