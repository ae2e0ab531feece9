using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>
/// The line index as a batch sees it: what is stored, with the batch's own changes over it. Used by one batch at a time.
/// </summary>
internal sealed class LineIndex(ILoopStore store, CancellationToken cancellationToken)
{
    private readonly Dictionary<string, string?> _changes = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _changed = new(StringComparer.Ordinal);

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

    public async ValueTask<string?> FindAsync(string key)
    {
        if (_changes.TryGetValue(key, out string? changed)) return changed;
        var found = await store.ScanAsync([LineKeys.Only(key)], cancellationToken).ConfigureAwait(false);
        return found[0] is [var row, ..] ? row.Value : null;
    }

    public async ValueTask<Dictionary<string, string>> FindAsync(IEnumerable<string> keys)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var wanted = new List<string>();
        foreach (string key in keys.Distinct(StringComparer.Ordinal))
        {
            if (!_changes.TryGetValue(key, out string? changed)) wanted.Add(key);
            else if (changed is not null) values[key] = changed;
        }
        if (wanted.Count == 0) return values;
        foreach (var found in await store.ScanAsync([.. wanted.Select(LineKeys.Only)], cancellationToken).ConfigureAwait(false))
            if (found is [var row, ..])
                values[row.Key] = row.Value;
        return values;
    }

    public async ValueTask<IReadOnlyList<IndexEntry>> ScanAsync(IndexRange range) => (await ScanAsync([range]).ConfigureAwait(false))[0];

    public async ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges)
    {
        if (ranges.Count == 0) return [];
        var own = new List<string>[ranges.Count];
        var asked = new IndexRange[ranges.Count];
        for (int i = 0; i < ranges.Count; i++)
        {
            own[i] = Changed(ranges[i]);
            // A removed row must not use up the limit.
            asked[i] = ranges[i].Limit == 0 || own[i].Count == 0 ? ranges[i] : ranges[i] with { Limit = ranges[i].Limit + own[i].Count };
        }
        var stored = await store.ScanAsync(asked, cancellationToken).ConfigureAwait(false);
        var answers = new IReadOnlyList<IndexEntry>[ranges.Count];
        for (int i = 0; i < ranges.Count; i++) answers[i] = own[i].Count == 0 ? stored[i] : Overlay(stored[i], own[i], ranges[i]);
        return answers;
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
