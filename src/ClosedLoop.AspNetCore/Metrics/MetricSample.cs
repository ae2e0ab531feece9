namespace ClosedLoop.AspNetCore.Metrics;

/// <summary>One line of the exposition.</summary>
/// <param name="Suffix">What stands behind the family's name, such as <c>_bucket</c>; empty for most.</param>
/// <param name="Labels">Names and values.</param>
/// <param name="Value">The value.</param>
internal readonly record struct MetricSample(string Suffix, IReadOnlyList<(string Name, string Value)> Labels, double Value)
{
    public static MetricSample Of(double value, params (string Name, string Value)[] labels) => new("", labels, value);
}
