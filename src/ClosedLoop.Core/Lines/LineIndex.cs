using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>
/// The line index as a batch sees it: what is stored, over that what is being stored at this moment, over that the batch's own changes.
/// Used by one batch at a time.
/// </summary>
internal sealed class LineIndex
{
    private readonly ILoopStore _store;
    private readonly CancellationToken _cancellationToken;
    private readonly Dictionary<string, string?> _changes = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _changed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _own = new(StringComparer.Ordinal);
    private readonly Dictionary<(string From, string To), IReadOnlyList<IndexEntry>> _ahead = [];

    /// <param name="store">Where it is stored.</param>
    /// <param name="pending">What is being stored, and may not be found in the store yet.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public LineIndex(ILoopStore store, IReadOnlyList<IndexChange> pending, CancellationToken cancellationToken)
    {
        (_store, _cancellationToken) = (store, cancellationToken);
        foreach (var change in pending) Change(change.Key, change.Value);
    }

    /// <summary>What the batch changes, in key order.</summary>
    public IReadOnlyList<IndexChange> Changes => [.. _own.Order(StringComparer.Ordinal).Select(key => new IndexChange(key, _changes[key]))];

    public void Put(string key, string value)
    {
        Change(key, value);
        _own.Add(key);
    }

    public void Remove(string key)
    {
        Change(key, null);
        _own.Add(key);
    }

    /// <summary>
    /// Reads in one go what will be asked for one by one: a store that is asked sixty times for a batch of sixty facts is slow, and one
    /// behind a network much slower. It stays true while the batch lasts, because a commit by anybody else makes the batch stale.
    /// </summary>
    public async ValueTask ReadAheadAsync(IEnumerable<IndexRange> ranges)
    {
        IndexRange[] wanted = [.. ranges.Where(r => !_ahead.ContainsKey((r.From, r.To))).Distinct()];
        if (wanted.Length == 0) return;
        var rows = await _store.ScanAsync(wanted, _cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < wanted.Length; i++) _ahead[(wanted[i].From, wanted[i].To)] = rows[i];
    }

    public async ValueTask<string?> FindAsync(string key)
    {
        if (_changes.TryGetValue(key, out string? changed)) return changed;
        var range = LineKeys.Only(key);
        var found = Ahead(range) ?? (await _store.ScanAsync([range], _cancellationToken).ConfigureAwait(false))[0];
        return found is [var row, ..] ? row.Value : null;
    }

    public async ValueTask<Dictionary<string, string>> FindAsync(IEnumerable<string> keys)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var wanted = new List<IndexRange>();
        foreach (string key in keys.Distinct(StringComparer.Ordinal))
        {
            var range = LineKeys.Only(key);
            if (_changes.TryGetValue(key, out string? changed))
            {
                if (changed is not null) values[key] = changed;
            }
            else if (Ahead(range) is { } rows)
            {
                if (rows is [var row, ..]) values[key] = row.Value;
            }
            else
            {
                wanted.Add(range);
            }
        }
        if (wanted.Count == 0) return values;
        foreach (var found in await _store.ScanAsync(wanted, _cancellationToken).ConfigureAwait(false))
            if (found is [var row, ..])
                values[row.Key] = row.Value;
        return values;
    }

    public async ValueTask<IReadOnlyList<IndexEntry>> ScanAsync(IndexRange range) => (await ScanAsync([range]).ConfigureAwait(false))[0];

    public async ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges)
    {
        if (ranges.Count == 0) return [];
        if (ranges is [var only] && Ahead(only) is { } known) return [Changed(only) is { Count: > 0 } changes ? Overlay(known, changes, only) : known];
        var own = new List<string>[ranges.Count];
        var asked = new IndexRange[ranges.Count];
        for (int i = 0; i < ranges.Count; i++)
        {
            own[i] = Changed(ranges[i]);
            // A removed row must not use up the limit.
            asked[i] = ranges[i].Limit == 0 || own[i].Count == 0 ? ranges[i] : ranges[i] with { Limit = ranges[i].Limit + own[i].Count };
        }
        var stored = await _store.ScanAsync(asked, _cancellationToken).ConfigureAwait(false);
        var answers = new IReadOnlyList<IndexEntry>[ranges.Count];
        for (int i = 0; i < ranges.Count; i++) answers[i] = own[i].Count == 0 ? stored[i] : Overlay(stored[i], own[i], ranges[i]);
        return answers;
    }

    private void Change(string key, string? value)
    {
        _changes[key] = value;
        _changed.Add(key);
    }

    private IReadOnlyList<IndexEntry>? Ahead(IndexRange range) => range is { Limit: 0, Descending: false } ? _ahead.GetValueOrDefault((range.From, range.To)) : null;

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
