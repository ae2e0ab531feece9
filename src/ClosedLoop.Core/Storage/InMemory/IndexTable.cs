namespace ClosedLoop.Storage.InMemory;

/// <summary>The line index. Guarded by the store's lock.</summary>
internal sealed class IndexTable
{
    private readonly SortedSet<string> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public void Apply(IndexChange change)
    {
        if (change.Value is null)
        {
            if (_values.Remove(change.Key)) _keys.Remove(change.Key);
            return;
        }
        if (!_values.ContainsKey(change.Key)) _keys.Add(change.Key);
        _values[change.Key] = change.Value;
    }

    public IReadOnlyList<IndexEntry> Scan(IndexRange range)
    {
        if (string.CompareOrdinal(range.From, range.To) >= 0) return [];
        var view = _keys.GetViewBetween(range.From, range.To);
        var found = new List<IndexEntry>();
        foreach (string key in range.Descending ? view.Reverse() : view)
        {
            if (string.Equals(key, range.To, StringComparison.Ordinal)) continue;
            found.Add(new IndexEntry(key, _values[key]));
            if (range.Limit > 0 && found.Count == range.Limit) break;
        }
        return found;
    }
}
