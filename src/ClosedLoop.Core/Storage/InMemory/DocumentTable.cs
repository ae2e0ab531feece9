namespace ClosedLoop.Storage.InMemory;

/// <summary>Documents in the order of their names.</summary>
internal sealed class DocumentTable
{
    private readonly SortedList<string, StoredDocument> _documents = new(StringComparer.Ordinal);

    /// <summary>Whether every document still has the version that its change was made from.</summary>
    public bool Admits(IReadOnlyList<DocumentChange> changes)
    {
        foreach (var change in changes)
            if ((_documents.TryGetValue(change.Name, out var stored) ? stored.Version : 0) != change.Version)
                return false;
        return true;
    }

    public void Apply(DocumentChange change)
    {
        if (change.Body is null) _documents.Remove(change.Name);
        else _documents[change.Name] = new StoredDocument(change.Name, change.Body, change.Version + 1);
    }

    public List<StoredDocument> Read(DocumentQuery query)
    {
        ArgumentException.ThrowIfNullOrEmpty(query.Prefix);
        string from = query.After is { } after && string.CompareOrdinal(after, query.Prefix) > 0 ? after : query.Prefix;
        int limit = Math.Clamp(query.Limit, 1, 1_000);
        var found = new List<StoredDocument>();
        for (int i = FirstFrom(from); i < _documents.Count && found.Count < limit; i++)
        {
            var document = _documents.GetValueAtIndex(i);
            if (document.Name == query.After) continue;
            if (!document.Name.StartsWith(query.Prefix, StringComparison.Ordinal)) break;
            found.Add(document);
        }
        return found;
    }

    private int FirstFrom(string name)
    {
        int low = 0, high = _documents.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (string.CompareOrdinal(_documents.GetKeyAtIndex(middle), name) < 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
