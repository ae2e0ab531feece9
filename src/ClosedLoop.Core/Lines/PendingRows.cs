using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>Rows of the line index that are being stored at this moment, in key order: what is read of the store meanwhile may lack them.</summary>
internal sealed class PendingRows(IReadOnlyList<IndexChange> changes)
{
    public static readonly PendingRows None = new([]);

    private readonly IndexChange[] _changes = [.. changes];

    public bool IsEmpty => _changes.Length == 0;

    /// <summary>Those of a range.</summary>
    public ArraySegment<IndexChange> In(IndexRange range)
    {
        if (IsEmpty) return ArraySegment<IndexChange>.Empty;
        int from = First(range.From);
        return new ArraySegment<IndexChange>(_changes, from, Math.Max(First(range.To) - from, 0));
    }

    private int First(string key)
    {
        int low = 0;
        for (int high = _changes.Length; low < high;)
        {
            int middle = (low + high) / 2;
            if (string.CompareOrdinal(_changes[middle].Key, key) < 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
