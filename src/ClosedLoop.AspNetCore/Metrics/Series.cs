namespace ClosedLoop.AspNetCore.Metrics;

/// <summary>The values of one instrument with one set of attributes. Guarded by its instrument.</summary>
internal sealed class Series(IReadOnlyList<(string Name, string Value)> labels, int buckets)
{
    public IReadOnlyList<(string Name, string Value)> Labels { get; } = labels;

    /// <summary>The sum of what was recorded, or for a gauge the last value.</summary>
    public double Value { get; set; }

    public long Count { get; set; }

    /// <summary>How many values each bucket took; the last one takes what is above all bounds.</summary>
    public long[] Buckets { get; } = new long[buckets];
}
