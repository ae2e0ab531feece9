namespace ClosedLoop.Insights.Statistics;

/// <summary>Several sorted lists read as one, without merging them: exact ranks of many weeks cost as much as a few searches in each.</summary>
internal readonly struct SortedRuns(IReadOnlyList<List<long>> runs)
{
    public int Count { get; } = runs.Sum(static r => r.Count);

    public long? Minimum => Count == 0 ? null : runs.Where(static r => r.Count > 0).Min(static r => r[0]);

    public long? Maximum => Count == 0 ? null : runs.Where(static r => r.Count > 0).Max(static r => r[^1]);

    /// <summary>The value at a rank, from 1: the smallest value that at least so many values do not exceed.</summary>
    public long At(int rank)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, Count);
        if (runs is [var only]) return only[rank - 1];
        long low = Minimum!.Value, high = Maximum!.Value;
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            if (UpTo(middle) >= rank) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    private int UpTo(long value)
    {
        int count = 0;
        foreach (var run in runs)
        {
            int low = 0, high = run.Count;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (run[middle] <= value) low = middle + 1;
                else high = middle;
            }
            count += low;
        }
        return count;
    }
}
