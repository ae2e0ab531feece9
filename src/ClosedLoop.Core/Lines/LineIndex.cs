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
    private readonly Dictionary<string, string?> _changes = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _changed = new(StringComparer.Ordinal);

    /// <param name="store">Where it is stored.</param>
    /// <param name="cache">What is known of it already, with what is being stored.</param>
    /// <param name="pending">What is being stored, and may not be found in the store yet.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public LineIndex(ILoopStore store, IndexCache cache, PendingRows pending, CancellationToken cancellationToken) =>
        (_store, _cache, _pending, _cancellationToken) = (store, cache, pending, cancellationToken);

    /// <summary>What the batch changes, in key order.</summary>
    public IReadOnlyList<IndexChange> Changes => [.. _changed.Select(key => new IndexChange(key, _changes[key]))];

    public void Put(string key, string value)
    {
        _changes[key] = value;
        _changed.Add(key);
    }

    public void Remove(string key)
    {
        _changes[key] = null;
        _changed.Add(key);
    }

    /// <summary>
    /// Reads in one go what will be asked for one by one: a store that is asked sixty times for a batch of sixty facts is slow, and one
    /// behind a network much slower. It stays true while the batch lasts, because a commit by anybody else makes the batch stale.
    /// </summary>
    public async ValueTask ReadAheadAsync(IEnumerable<IndexRange> ranges)
    {
        IndexRange[] missing = [.. ranges.Distinct().Where(r => _cache.Find(r) is null)];
        if (missing.Length > 0) await FetchAsync(missing).ConfigureAwait(false);
    }

    public async ValueTask<string?> FindAsync(string key)
    {
        if (_changes.TryGetValue(key, out string? changed)) return changed;
        var range = LineKeys.Only(key);
        var found = _cache.Find(range) ?? (await FetchAsync([range]).ConfigureAwait(false))[0];
        return found is [var row, ..] ? row.Value : null;
    }

    public async ValueTask<Dictionary<string, string>> FindAsync(IEnumerable<string> keys)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        List<IndexRange>? missing = null;
        foreach (string key in keys.Distinct(StringComparer.Ordinal))
        {
            var range = LineKeys.Only(key);
            if (_changes.TryGetValue(key, out string? changed))
            {
                if (changed is not null) values[key] = changed;
            }
            else if (_cache.Find(range) is { } rows)
            {
                if (rows is [var row, ..]) values[key] = row.Value;
            }
            else
            {
                (missing ??= []).Add(range);
            }
        }
        if (missing is null) return values;
        foreach (var found in await FetchAsync(missing).ConfigureAwait(false))
            if (found is [var row, ..])
                values[row.Key] = row.Value;
        return values;
    }

    public async ValueTask<IReadOnlyList<IndexEntry>> ScanAsync(IndexRange range) => (await ScanAsync([range]).ConfigureAwait(false))[0];

    public async ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges)
    {
        var answers = new IReadOnlyList<IndexEntry>[ranges.Count];
        var own = new List<string>[ranges.Count];
        List<int>? missing = null;
        for (int i = 0; i < ranges.Count; i++)
        {
            own[i] = Changed(ranges[i]);
            if (_cache.Find(Asked(i)) is { } known) answers[i] = known;
            else (missing ??= []).Add(i);
        }
        if (missing is not null)
        {
            var fetched = await FetchAsync([.. missing.Select(Asked)]).ConfigureAwait(false);
            for (int i = 0; i < missing.Count; i++) answers[missing[i]] = fetched[i];
        }
        for (int i = 0; i < ranges.Count; i++)
            if (own[i].Count > 0)
                answers[i] = Overlay(answers[i], own[i], ranges[i]);
        return answers;

        // A removed row must not use up the limit.
        IndexRange Asked(int i) => ranges[i].Limit == 0 || own[i].Count == 0 ? ranges[i] : ranges[i] with { Limit = ranges[i].Limit + own[i].Count };
    }

    // Reads from the store into the cache, with what is being stored over it.
    private async ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> FetchAsync(IReadOnlyList<IndexRange> ranges)
    {
        // A row that is being removed must not use up the limit.
        IReadOnlyList<IndexRange> asked = _pending.IsEmpty ? ranges : [.. ranges.Select(r => r.Limit == 0 ? r : r with { Limit = r.Limit + _pending.In(r).Count })];
        var stored = await _store.ScanAsync(asked, _cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < asked.Count; i++) _cache.Add(asked[i], stored[i], _pending);
        return _pending.IsEmpty ? stored : [.. ranges.Select(r => _cache.Find(r)!)];
    }

    private List<string> Changed(IndexRange range) =>
        _changed.Count == 0 || string.CompareOrdinal(range.From, range.To) >= 0 ? [] : [.. _changed.GetViewBetween(range.From, range.To).Where(k => !string.Equals(k, range.To, StringComparison.Ordinal))];

    private List<IndexEntry> Overlay(IReadOnlyList<IndexEntry> stored, List<string> own, IndexRange range)
    {
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in stored) rows[row.Key] = row.Value;
        foreach (string key in own)
        {
            if (_changes[key] is { } value) rows[key] = value;
            else rows.Remove(key);
        }
        var answer = (range.Descending ? rows.Reverse() : rows).Select(static r => new IndexEntry(r.Key, r.Value));
        return [.. range.Limit > 0 ? answer.Take(range.Limit) : answer];
    }
}
