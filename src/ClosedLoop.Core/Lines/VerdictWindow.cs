using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>
/// The verdicts of one series on a part of one chain, in order of position. Many changes ask for the nearest verdict before their own place,
/// and their places are close together: so it is read in pieces, and each piece once.
/// </summary>
internal sealed class VerdictWindow(LineIndex index, string repository, int chain, string series)
{
    private const int PieceSize = 64;
    private readonly List<(long Position, bool Failed, DateTimeOffset At)> _rows = [];
    private long _low, _high;
    private bool _toStart, _loaded;

    /// <summary>Whether the nearest verdict before a position, among those known by then, is a failure; null when there is none.</summary>
    public async ValueTask<bool?> IsRedAsync(long before, DateTimeOffset knownBy)
    {
        if (!_loaded || before > _high || before <= _low) await StartAsync(before).ConfigureAwait(false);
        int place = First(before) - 1;
        while (true)
        {
            for (; place >= 0; place--)
                if (_rows[place].At <= knownBy)
                    return _rows[place].Failed;
            if (_toStart) return null;
            int more = await ReadBelowAsync().ConfigureAwait(false);
            place = more - 1;
        }
    }

    private async ValueTask StartAsync(long before)
    {
        _rows.Clear();
        (_loaded, _toStart, _low, _high) = (true, false, before, before);
        await ReadBelowAsync().ConfigureAwait(false);
        await ReadAboveAsync().ConfigureAwait(false);
    }

    /// <returns>How many rows came in at the front.</returns>
    private async ValueTask<int> ReadBelowAsync()
    {
        var read = await ReadAsync(prefix => new IndexRange(prefix, prefix + LineKeys.Position(_low), PieceSize, Descending: true)).ConfigureAwait(false);
        // A category of which a whole piece came may have more below it: what lies deeper than its last is not complete.
        long floor = read.Where(static c => c.Count == PieceSize).Select(static c => c[^1].Position).DefaultIfEmpty(long.MinValue).Max();
        var rows = read.SelectMany(static c => c).Where(r => r.Position >= floor).OrderBy(static r => r.Position).ToList();
        _rows.InsertRange(0, rows);
        _toStart = floor == long.MinValue;
        _low = floor;
        return rows.Count;
    }

    private async ValueTask ReadAboveAsync()
    {
        var read = await ReadAsync(prefix => new IndexRange(prefix + LineKeys.Position(_high), $"{prefix[..^1]}\n", PieceSize)).ConfigureAwait(false);
        long roof = read.Where(static c => c.Count == PieceSize).Select(static c => c[^1].Position).DefaultIfEmpty(long.MaxValue).Min();
        _rows.AddRange(read.SelectMany(static c => c).Where(r => r.Position < roof).OrderBy(static r => r.Position));
        _high = roof;
    }

    private async ValueTask<List<List<(long Position, bool Failed, DateTimeOffset At)>>> ReadAsync(Func<string, IndexRange> range)
    {
        var prefixes = Mark.Verdicts.Select(c => LineKeys.Marks(repository, chain, series, c)).ToList();
        var found = await index.ScanAsync([.. prefixes.Select(range)]).ConfigureAwait(false);
        var rows = new List<List<(long Position, bool Failed, DateTimeOffset At)>>();
        for (int i = 0; i < found.Count; i++)
            rows.Add([.. found[i].Select(r => (LineKeys.ReadPosition(r.Key.AsSpan(prefixes[i].Length)), Mark.Verdicts[i] == Mark.Failed, Mark.Read(Mark.Verdicts[i], r.Value).At))]);
        return rows;
    }

    // The first row at or after a position.
    private int First(long position)
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
