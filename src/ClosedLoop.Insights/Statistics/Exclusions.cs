namespace ClosedLoop.Insights.Statistics;

/// <summary>Counts what is left out, by why.</summary>
internal sealed class Exclusions
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, int> Counts => _counts;

    public void Add(string reason, int by = 1)
    {
        if (by > 0) _counts[reason] = _counts.GetValueOrDefault(reason) + by;
    }
}
