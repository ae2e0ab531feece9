using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>
/// Rows of the line index that earlier batches read or wrote, with the ranges of which every row is here: a batch asks mostly for what the
/// batches before it asked for, at the end of the same lines. True while nobody else writes; whoever owns it drops it then.
/// </summary>
/// <remarks>Reads with a limit make known the part that they went through, so that the next of its kind finds the end of a line here. Not safe for use by several threads.</remarks>
internal sealed class IndexCache
{
    private readonly SortedSet<IndexEntry> _rows = new(Comparer<IndexEntry>.Create(static (a, b) => string.CompareOrdinal(a.Key, b.Key)));
    private readonly SortedSet<Span> _known = new(Comparer<Span>.Create(static (a, b) => string.CompareOrdinal(a.From, b.From)));

    // Single keys outside of the known ranges, null: no such row. Most of what a batch asks for and writes is one key with a commit's id in it.
    private readonly Dictionary<string, string?> _single = new(StringComparer.Ordinal);

    /// <summary>Rows and ranges that are kept.</summary>
    public int Count => _rows.Count + _known.Count + _single.Count;

    public void Clear()
    {
        _single.Clear();
        _rows.Clear();
        _known.Clear();
    }

    /// <summary>The rows of a range, or null when they are not all known.</summary>
    public IReadOnlyList<IndexEntry>? Find(IndexRange range)
    {
        if (string.CompareOrdinal(range.From, range.To) >= 0) return [];
        if (IsOne(range) && _single.TryGetValue(range.From, out string? value)) return value is null ? [] : [new IndexEntry(range.From, value)];
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
        foreach (var row in rows) Put(row);
        bool isCut = range.Limit > 0 && rows.Count >= range.Limit;
        if (!isCut) Know(range.From, range.To);
        else if (range.Descending) Know(rows[^1].Key, range.To);
        else Know(range.From, After(rows[^1].Key));
        foreach (var change in pending.In(range)) Write(change);
    }

    /// <summary>Takes what a batch writes: each of its keys is known afterwards.</summary>
    public void Write(IndexChange change)
    {
        _single[change.Key] = change.Value;
        // Beside a range that is known it makes that range longer: so a line that grows stays known up to its end.
        if (Floor(change.Key) is not { } span || string.CompareOrdinal(span.To, change.Key) < 0) return;
        _single.Remove(change.Key);
        if (change.Value is { } value) Put(new IndexEntry(change.Key, value));
        else _rows.Remove(new IndexEntry(change.Key, ""));
        Know(change.Key, After(change.Key));
    }

    private List<IndexEntry>? FindFirst(IndexRange range)
    {
        if (Floor(range.From) is not { } span || string.CompareOrdinal(span.To, range.From) <= 0) return null;
        bool isWhole = string.CompareOrdinal(span.To, range.To) >= 0;
        if (!isWhole && range.Limit == 0) return null;
        var rows = new List<IndexEntry>();
        foreach (var row in Between(range.From, isWhole ? range.To : span.To))
        {
            rows.Add(row);
            if (rows.Count == range.Limit) return rows;
        }
        return isWhole ? rows : null;
    }

    private List<IndexEntry>? FindLast(IndexRange range)
    {
        if (FloorBelow(range.To) is not { } span || string.CompareOrdinal(span.To, range.To) < 0) return null;
        bool isWhole = string.CompareOrdinal(span.From, range.From) <= 0;
        if (!isWhole && range.Limit == 0) return null;
        var rows = new List<IndexEntry>();
        foreach (var row in View(isWhole ? range.From : span.From, range.To).Reverse())
        {
            if (string.Equals(row.Key, range.To, StringComparison.Ordinal)) continue;
            rows.Add(row);
            if (rows.Count == range.Limit) return rows;
        }
        return isWhole ? rows : null;
    }

    private void Put(IndexEntry row)
    {
        if (_rows.Add(row)) return;
        _rows.Remove(row);
        _rows.Add(row);
    }

    private void Know(string from, string to)
    {
        if (Floor(from) is { } before && string.CompareOrdinal(before.To, from) >= 0)
        {
            if (string.CompareOrdinal(before.To, to) >= 0) return;
            from = before.From;
        }
        List<Span>? within = null;
        foreach (var span in _known.GetViewBetween(new Span(from, ""), new Span(to, "")))
        {
            (within ??= []).Add(span);
            if (string.CompareOrdinal(span.To, to) > 0) to = span.To;
        }
        foreach (var span in within ?? []) _known.Remove(span);
        _known.Add(new Span(from, to));
    }

    private Span? Floor(string key)
    {
        var found = _known.GetViewBetween(new Span("", ""), new Span(key, "")).Max;
        return found.From is null ? null : found;
    }

    private Span? FloorBelow(string key) => Floor(key) switch
    {
        { } span when !string.Equals(span.From, key, StringComparison.Ordinal) => span,
        { } => _known.GetViewBetween(new Span("", ""), new Span(key, "")).Reverse().Skip(1).Select(static s => (Span?)s).FirstOrDefault(),
        null => null,
    };

    private IEnumerable<IndexEntry> Between(string from, string to) => View(from, to).TakeWhile(row => !string.Equals(row.Key, to, StringComparison.Ordinal));

    private SortedSet<IndexEntry> View(string from, string to) => _rows.GetViewBetween(new IndexEntry(from, ""), new IndexEntry(to, ""));

    private static bool IsOne(IndexRange range) => range.To.Length == range.From.Length + 1 && range.To[^1] == '\t' && range.To.StartsWith(range.From, StringComparison.Ordinal);

    // The end of a range that holds one key: what LineKeys.Only asks for, so that a key that was written answers it.
    private static string After(string key) => LineKeys.Only(key).To;

    private readonly record struct Span(string From, string To);
}
