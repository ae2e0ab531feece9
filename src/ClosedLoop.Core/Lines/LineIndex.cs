using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>
/// The line index as a batch sees it: what is stored, over that what is being stored at this moment, over that the batch's own changes.
/// Used by one batch at a time.
/// </summary>
internal sealed class LineIndex
{
    private readonly ILoopStore _store;
    private readonly IndexCache _cache;
    private readonly CancellationToken _cancellationToken;
    private readonly PendingRows _pending;

    // By key, and in their order; null for what is removed.
    private readonly Dictionary<string, string?> _changes = new(StringComparer.Ordinal);
    private readonly OrdinalMap<string?> _changed = new();

    /// <param name="store">Where it is stored.</param>
    /// <param name="cache">What is known of it already, with what is being stored.</param>
    /// <param name="pending">What is being stored, and may not be found in the store yet.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public LineIndex(ILoopStore store, IndexCache cache, PendingRows pending, CancellationToken cancellationToken) =>
        (_store, _cache, _pending, _cancellationToken) = (store, cache, pending, cancellationToken);

    /// <summary>What the batch changes, in key order.</summary>
    public IReadOnlyList<IndexChange> Changes
    {
        get
        {
            var changes = new List<IndexChange>(_changed.Count);
            for (var row = _changed.From(""); row.IsAtKey; row.Next()) changes.Add(new IndexChange(row.Key, row.Value));
            return changes;
        }
    }

    public void Put(string key, string value)
    {
        _changes[key] = value;
        _changed.Set(key, value);
    }

    public void Remove(string key)
    {
        _changes[key] = null;
        _changed.Set(key, null);
    }

    /// <summary>
    /// Reads in one go what will be asked for one by one: a store that is asked sixty times for a batch of sixty facts is slow, and one
    /// behind a network much slower. It stays true while the batch lasts, because a commit by anybody else makes the batch stale.
    /// </summary>
    public async ValueTask ReadAheadAsync(IEnumerable<IndexRange> ranges)
    {
        IndexRange[] missing = [.. ranges.Where(r => !_cache.Knows(r)).Distinct()];
        if (missing.Length > 0) await FetchAsync(missing).ConfigureAwait(false);
    }

    public ValueTask<string?> FindAsync(string key) =>
        _changes.TryGetValue(key, out string? known) || _cache.TryFind(key, out known) ? new(known) : FetchOneAsync(key);

    /// <summary>The values of those keys that there are.</summary>
    public ValueTask<Dictionary<string, string>> FindAsync(IEnumerable<string> keys)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        List<IndexRange>? missing = null;
        foreach (string key in keys)
        {
            if (!_changes.TryGetValue(key, out string? known) && !_cache.TryFind(key, out known)) (missing ??= []).Add(LineKeys.Only(key));
            else if (known is not null) values[key] = known;
        }
        return missing is null ? new(values) : FetchSomeAsync(missing, values);
    }

    public ValueTask<IReadOnlyList<IndexEntry>> ScanAsync(IndexRange range)
    {
        var own = Changed(range);
        var asked = Asked(range, own);
        return _cache.Find(asked) is { } known ? new(own is null ? known : Overlay(known, own, range)) : FetchRangeAsync(range, asked, own);
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges)
    {
        var answers = new IReadOnlyList<IndexEntry>[ranges.Count];
        List<int>? missing = null;
        for (int i = 0; i < answers.Length; i++)
        {
            var own = Changed(ranges[i]);
            if (_cache.Find(Asked(ranges[i], own)) is { } known) answers[i] = own is null ? known : Overlay(known, own, ranges[i]);
            else (missing ??= []).Add(i);
        }
        return missing is null ? new(answers) : FetchRangesAsync(ranges, answers, missing);
    }

    private async ValueTask<string?> FetchOneAsync(string key) => await FetchAsync([LineKeys.Only(key)]).ConfigureAwait(false) is [[var row, ..], ..] ? row.Value : null;

    private async ValueTask<Dictionary<string, string>> FetchSomeAsync(List<IndexRange> missing, Dictionary<string, string> values)
    {
        foreach (var found in await FetchAsync([.. missing.Distinct()]).ConfigureAwait(false))
            if (found is [var row, ..])
                values[row.Key] = row.Value;
        return values;
    }

    private async ValueTask<IReadOnlyList<IndexEntry>> FetchRangeAsync(IndexRange range, IndexRange asked, List<IndexChange>? own)
    {
        var fetched = (await FetchAsync([asked]).ConfigureAwait(false))[0];
        return own is null ? fetched : Overlay(fetched, own, range);
    }

    private async ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> FetchRangesAsync(IReadOnlyList<IndexRange> ranges, IReadOnlyList<IndexEntry>[] answers, List<int> missing)
    {
        var fetched = await FetchAsync(missing.ConvertAll(i => Asked(ranges[i], Changed(ranges[i])))).ConfigureAwait(false);
        for (int i = 0; i < missing.Count; i++)
        {
            var range = ranges[missing[i]];
            answers[missing[i]] = Changed(range) is { } own ? Overlay(fetched[i], own, range) : fetched[i];
        }
        return answers;
    }

    // A removed row must not use up the limit.
    private static IndexRange Asked(IndexRange range, List<IndexChange>? own) => range.Limit == 0 || own is null ? range : range with { Limit = range.Limit + own.Count };

    /// <summary>What a row of a level series says.</summary>
    public LevelEntry EntryOf(string prefix, IndexEntry row) => _cache.EntryOf(prefix, row);

    /// <summary>A series by its text.</summary>
    public SeriesName SeriesOf(string text) => _cache.SeriesOf(text);

    // Reads from the store into the cache, with what is being stored over it.
    private async ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> FetchAsync(IReadOnlyList<IndexRange> ranges)
    {
        // A row that is being removed must not use up the limit.
        IReadOnlyList<IndexRange> asked = _pending.IsEmpty ? ranges : [.. ranges.Select(r => r.Limit == 0 ? r : r with { Limit = r.Limit + _pending.In(r).Count })];
        var stored = await _store.ScanAsync(asked, _cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < asked.Count; i++) _cache.Add(asked[i], stored[i], _pending);
        return _pending.IsEmpty ? stored : [.. ranges.Select(r => _cache.Find(r)!)];
    }

    // The batch's own changes in a range; null when there are none.
    private List<IndexChange>? Changed(IndexRange range)
    {
        if (_changed.Count == 0 || string.CompareOrdinal(range.From, range.To) >= 0) return null;
        List<IndexChange>? own = null;
        for (var row = _changed.From(range.From); row.IsAtKey && string.CompareOrdinal(row.Key, range.To) < 0; row.Next()) (own ??= []).Add(new IndexChange(row.Key, row.Value));
        return own;
    }

    private static List<IndexEntry> Overlay(IReadOnlyList<IndexEntry> stored, List<IndexChange> own, IndexRange range)
    {
        var rows = new List<IndexEntry>(stored.Count + own.Count);
        int sign = range.Descending ? -1 : 1, next = range.Descending ? own.Count - 1 : 0;
        for (int i = 0; i <= stored.Count; i++)
        {
            // What is changed before this row, and then the row unless it is changed itself.
            int order = -1;
            for (; next >= 0 && next < own.Count && (i == stored.Count || (order = sign * string.CompareOrdinal(own[next].Key, stored[i].Key)) <= 0); next += sign)
            {
                if (own[next].Value is { } value) rows.Add(new IndexEntry(own[next].Key, value));
                if (order != 0) continue;
                next += sign;
                break;
            }
            if (i < stored.Count && order != 0) rows.Add(stored[i]);
        }
        if (range.Limit > 0 && rows.Count > range.Limit) rows.RemoveRange(range.Limit, rows.Count - range.Limit);
        return rows;
    }
}
