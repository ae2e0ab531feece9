using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>
/// Rows of the line index that earlier batches read or wrote, with the ranges of which every row is here: a batch asks mostly for what the
/// batches before it asked for, at the end of the same lines. True while nobody else writes; whoever owns it drops it then.
/// </summary>
/// <remarks>Reads with a limit make known the part that they went through, so that the next of its kind finds the end of a line here. Not safe for use by several threads.</remarks>
internal sealed class IndexCache
{
    private readonly OrdinalMap<string> _rows = new();

    // By where a range begins, where it ends; no two touch.
    private readonly OrdinalMap<string> _known = new();

    // Single keys outside of the known ranges, null: no such row. Most of what a batch asks for and writes is one key with a commit's id in it.
    private readonly Dictionary<string, string?> _single = new(StringComparer.Ordinal);

    // What was read out of rows, with the value that it was read from: what runs is read by each batch again.
    private readonly Dictionary<string, (string Value, LevelEntry Entry)> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SeriesName> _series = new(StringComparer.Ordinal);

    /// <summary>Rows and ranges that are kept.</summary>
    public int Count => _rows.Count + _known.Count + _single.Count + _entries.Count + _series.Count;

    public void Clear()
    {
        _entries.Clear();
        _series.Clear();
        _single.Clear();
        _rows.Clear();
        _known.Clear();
    }

    /// <summary>The value of one key, null when there is no such row.</summary>
    /// <returns>Whether that is known.</returns>
    public bool TryFind(string key, out string? value)
    {
        if (_single.TryGetValue(key, out value)) return true;
        if (Floor(key) is not { } span || string.CompareOrdinal(span.To, key) <= 0) return false;
        value = _rows.TryGet(key, out string? row) ? row : null;
        return true;
    }

    /// <summary>What a row of a level series says.</summary>
    public LevelEntry EntryOf(string prefix, IndexEntry row)
    {
        if (_entries.TryGetValue(row.Key, out var known) && known.Value == row.Value) return known.Entry;
        var entry = LevelEntry.Read(prefix, row);
        _entries[row.Key] = (row.Value, entry);
        return entry;
    }

    /// <summary>A series by its text.</summary>
    public SeriesName SeriesOf(string text) => _series.TryGetValue(text, out var known) ? known : _series[text] = SeriesName.Read(text);

    /// <summary>Whether all rows of a range are known.</summary>
    public bool Knows(IndexRange range)
    {
        if (IsOne(range)) return TryFind(range.From, out _);
        if (range.Limit > 0) return Find(range) is not null;
        return string.CompareOrdinal(range.From, range.To) >= 0 || (Floor(range.From) is { } span && string.CompareOrdinal(span.To, range.To) >= 0);
    }

    /// <summary>The rows of a range, or null when they are not all known.</summary>
    public IReadOnlyList<IndexEntry>? Find(IndexRange range)
    {
        if (string.CompareOrdinal(range.From, range.To) >= 0) return [];
        if (IsOne(range)) return !TryFind(range.From, out string? value) ? null : value is null ? [] : [new IndexEntry(range.From, value)];
        return range.Descending ? FindLast(range) : FindFirst(range);
    }

    /// <summary>Takes what the store answered to a range, with what was being stored meanwhile.</summary>
    public void Add(IndexRange range, IReadOnlyList<IndexEntry> rows, PendingRows pending)
    {
        if (string.CompareOrdinal(range.From, range.To) >= 0) return;
        if (IsOne(range))
        {
            string? stored = rows is [var found, ..] ? found.Value : null;
            foreach (var change in pending.In(range)) stored = change.Value;
            Write(new IndexChange(range.From, stored));
            return;
        }
        foreach (var row in rows) _rows.Set(row.Key, row.Value);
        bool isCut = range.Limit > 0 && rows.Count >= range.Limit;
        if (!isCut) Know(range.From, range.To);
        else if (range.Descending) Know(rows[^1].Key, range.To);
        else Know(range.From, After(rows[^1].Key));
        foreach (var change in pending.In(range)) Write(change);
    }

    /// <summary>Takes what a batch writes: each of its keys is known afterwards.</summary>
    public void Write(IndexChange change)
    {
        // Beside a range that is known it makes that range longer: so a line that grows stays known up to its end.
        if (Floor(change.Key) is not { } span || string.CompareOrdinal(span.To, change.Key) is var end && end < 0)
        {
            _single[change.Key] = change.Value;
            return;
        }
        _single.Remove(change.Key);
        if (change.Value is { } value) _rows.Set(change.Key, value);
        else _rows.Remove(change.Key);
        if (end == 0) Know(change.Key, After(change.Key));
    }

    private List<IndexEntry>? FindFirst(IndexRange range)
    {
        if (Floor(range.From) is not { } span || string.CompareOrdinal(span.To, range.From) <= 0) return null;
        bool isWhole = string.CompareOrdinal(span.To, range.To) >= 0;
        if (!isWhole && range.Limit == 0) return null;
        string to = isWhole ? range.To : span.To;
        var rows = new List<IndexEntry>();
        for (var row = _rows.From(range.From); row.IsAtKey && string.CompareOrdinal(row.Key, to) < 0; row.Next())
        {
            rows.Add(new IndexEntry(row.Key, row.Value));
            if (rows.Count == range.Limit) return rows;
        }
        return isWhole ? rows : null;
    }

    private List<IndexEntry>? FindLast(IndexRange range)
    {
        var below = _known.From(range.To);
        if (!below.Back() || string.CompareOrdinal(below.Value, range.To) < 0) return null;
        bool isWhole = string.CompareOrdinal(below.Key, range.From) <= 0;
        if (!isWhole && range.Limit == 0) return null;
        string from = isWhole ? range.From : below.Key;
        var rows = new List<IndexEntry>();
        for (var row = _rows.From(range.To); row.Back() && string.CompareOrdinal(row.Key, from) >= 0;)
        {
            rows.Add(new IndexEntry(row.Key, row.Value));
            if (rows.Count == range.Limit) return rows;
        }
        return isWhole ? rows : null;
    }

    private void Know(string from, string to)
    {
        if (Floor(from) is { } before && string.CompareOrdinal(before.To, from) >= 0)
        {
            if (string.CompareOrdinal(before.To, to) >= 0) return;
            from = before.From;
        }
        List<string>? within = null;
        for (var span = _known.From(from); span.IsAtKey && string.CompareOrdinal(span.Key, to) <= 0; span.Next())
        {
            (within ??= []).Add(span.Key);
            if (string.CompareOrdinal(span.Value, to) > 0) to = span.Value;
        }
        foreach (string span in within ?? []) _known.Remove(span);
        _known.Set(from, to);
    }

    // The last range that begins at or before a key.
    private (string From, string To)? Floor(string key)
    {
        var span = _known.From(key);
        if (!span.IsAtKey || !string.Equals(span.Key, key, StringComparison.Ordinal))
            if (!span.Back())
                return null;
        return (span.Key, span.Value);
    }

    private static bool IsOne(IndexRange range) => range.To.Length == range.From.Length + 1 && range.To[^1] == '\t' && range.To.StartsWith(range.From, StringComparison.Ordinal);

    // The end of a range that holds one key: what LineKeys.Only asks for, so that a key that was written answers it.
    private static string After(string key) => LineKeys.Only(key).To;
}
