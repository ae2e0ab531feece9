using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>The entries of one level series, newest first, read a page at a time: what is asked is as a rule about the newest.</summary>
internal sealed class LevelHistory(LineIndex index, LineMap map, string repository, string series)
{
    /// <summary>Entries are in the order of their ordinals, which need not be that of their time: after so many older ones in a row it is past.</summary>
    public const int MaxOlder = 16;

    // Doubled from page to page.
    private const int FirstPage = 8, LargestPage = 128;
    private readonly string _prefix = LineKeys.Entries(repository, series);
    private readonly List<LevelEntry> _entries = [];
    private string? _end;
    private bool _complete;
    private int _page = FirstPage;

    public string Repository => repository;

    public string Series => series;

    /// <summary>The entry at a place, 0 for the newest; null beyond the oldest.</summary>
    public async ValueTask<LevelEntry?> GetAsync(int place)
    {
        while (place >= _entries.Count && !_complete)
        {
            var rows = await index.ScanAsync(new IndexRange(_prefix, _end ?? $"{_prefix[..^1]}\n", _page, Descending: true)).ConfigureAwait(false);
            foreach (var row in rows) _entries.Add(index.EntryOf(_prefix, row));
            // Where an entry's commits are is asked of each that is looked at: of a page together.
            await map.LoadAsync(repository, _entries.TakeLast(rows.Count).SelectMany(static e => e.Commits)).ConfigureAwait(false);
            _complete = rows.Count < _page;
            if (rows.Count > 0) _end = rows[^1].Key;
            _page = Math.Min(_page * 2, LargestPage);
        }
        return place < _entries.Count ? _entries[place] : null;
    }
}
