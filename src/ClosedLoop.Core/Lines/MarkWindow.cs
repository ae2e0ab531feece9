using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>
/// The marks of one series on a part of one chain, of some categories, in order of position. Many changes ask for the mark nearest to their
/// own place, and their places are close together: so they are read in pieces, and each piece once. To be used while nothing is written.
/// </summary>
internal sealed class MarkWindow(LineIndex index, string repository, int chain, string series, params char[] categories)
{
    // Doubled from piece to piece: one change asks for the next mark or two, five hundred for all that lie between them.
    private const int FirstPiece = 8, LargestPiece = 128;
    private readonly string[] _prefixes = [.. categories.Select(c => LineKeys.Marks(repository, chain, series, c))];
    private readonly List<(long Position, Mark Mark)> _rows = [];

    // All marks from the first of these positions up to, and without, the second one are in the window.
    private long _low, _high;
    private bool _loaded;
    private int _piece;

    /// <summary>The first mark at or after a position and before another one.</summary>
    public async ValueTask<(long Position, Mark Mark)?> FirstAsync(long from, long to)
    {
        if (_loaded && from < _low) await ReadBelowAsync().ConfigureAwait(false);
        if (!_loaded || from < _low || from > _high) Start(from);
        while (true)
        {
            int place = PlaceOf(from);
            if (place < _rows.Count) return _rows[place].Position < to ? _rows[place] : null;
            if (_high == long.MaxValue || _high >= to) return null;
            await ReadAboveAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Whether the nearest mark before a position, among those known by then, is a failure; null when there is none.</summary>
    public async ValueTask<bool?> IsRedAsync(long before, DateTimeOffset knownBy)
    {
        if (_loaded && before > _high) await ReadAboveAsync().ConfigureAwait(false);
        if (!_loaded || before < _low || before > _high) Start(before);
        int place = PlaceOf(before) - 1;
        while (true)
        {
            for (; place >= 0; place--)
                if (_rows[place].Mark.At <= knownBy)
                    return _rows[place].Mark.Category == Mark.Failed;
            if (_low == long.MinValue) return null;
            place = await ReadBelowAsync().ConfigureAwait(false) - 1;
        }
    }

    private void Start(long position)
    {
        _rows.Clear();
        (_loaded, _low, _high, _piece) = (true, position, position, FirstPiece);
    }

    /// <returns>How many rows came in at the front.</returns>
    private async ValueTask<int> ReadBelowAsync()
    {
        var read = await ReadAsync(prefix => new IndexRange(prefix, prefix + LineKeys.Position(_low), _piece, Descending: true)).ConfigureAwait(false);
        // A category of which a whole piece came may have more below it: what lies deeper than its last is not complete.
        long floor = read.Where(c => c.Count == _piece).Select(static c => c[^1].Position).DefaultIfEmpty(long.MinValue).Max();
        var rows = read.SelectMany(static c => c).Where(r => r.Position >= floor).OrderBy(static r => r.Position).ToList();
        _rows.InsertRange(0, rows);
        _low = floor;
        _piece = Math.Min(_piece * 2, LargestPiece);
        return rows.Count;
    }

    private async ValueTask ReadAboveAsync()
    {
        var read = await ReadAsync(prefix => new IndexRange(prefix + LineKeys.Position(_high), $"{prefix[..^1]}\n", _piece)).ConfigureAwait(false);
        long roof = read.Where(c => c.Count == _piece).Select(static c => c[^1].Position).DefaultIfEmpty(long.MaxValue).Min();
        _rows.AddRange(read.SelectMany(static c => c).Where(r => r.Position < roof).OrderBy(static r => r.Position));
        _high = roof;
        _piece = Math.Min(_piece * 2, LargestPiece);
    }

    private async ValueTask<List<List<(long Position, Mark Mark)>>> ReadAsync(Func<string, IndexRange> range)
    {
        var found = await index.ScanAsync([.. _prefixes.Select(range)]).ConfigureAwait(false);
        var rows = new List<List<(long Position, Mark Mark)>>();
        for (int i = 0; i < found.Count; i++)
            rows.Add([.. found[i].Select(r => (LineKeys.ReadPosition(r.Key.AsSpan(_prefixes[i].Length)), Mark.Read(categories[i], r.Value)))]);
        return rows;
    }

    // Of the first row at or after a position.
    private int PlaceOf(long position)
    {
        int low = 0, high = _rows.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_rows[middle].Position < position) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
