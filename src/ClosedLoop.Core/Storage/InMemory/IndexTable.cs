namespace ClosedLoop.Storage.InMemory;

/// <summary>The line index. Guarded by the store's lock.</summary>
internal sealed class IndexTable
{
    private readonly OrdinalMap<string> _rows = new();

    public void Apply(IndexChange change)
    {
        if (change.Value is { } value) _rows.Set(change.Key, value);
        else _rows.Remove(change.Key);
    }

    public IReadOnlyList<IndexEntry> Scan(IndexRange range)
    {
        if (string.CompareOrdinal(range.From, range.To) >= 0) return [];
        List<IndexEntry>? found = null;
        if (range.Descending)
        {
            for (var row = _rows.From(range.To); row.Back() && string.CompareOrdinal(row.Key, range.From) >= 0;)
            {
                (found ??= []).Add(new IndexEntry(row.Key, row.Value));
                if (found.Count == range.Limit) break;
            }
        }
        else
        {
            for (var row = _rows.From(range.From); row.IsAtKey && string.CompareOrdinal(row.Key, range.To) < 0; row.Next())
            {
                (found ??= []).Add(new IndexEntry(row.Key, row.Value));
                if (found.Count == range.Limit) break;
            }
        }
        return found is null ? [] : found;
    }
}
