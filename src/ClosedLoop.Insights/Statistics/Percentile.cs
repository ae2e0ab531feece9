namespace ClosedLoop.Insights.Statistics;

/// <summary>One percentile of some durations, with what it rests on.</summary>
/// <param name="Quantile">Which one, above 0 and up to 1: 0.95 is the P95.</param>
/// <param name="Value">Its value; null when there is nothing to take it of. Never 0 for want of values.</param>
/// <param name="Count">How many values it is taken of.</param>
public readonly record struct Percentile(double Quantile, TimeSpan? Value, int Count)
{
    /// <summary>
    /// Whether there are too few values for it to be anything but the greatest one: fewer than 1/(1-q), so 20 for a P95 and 100 for a P99. True without any value.
    /// </summary>
    // 1/(1-0.95) is 19.999… or 20.000…1 in binary; the nearest millionth is what was meant.
    public bool IsLowSample => Count < 1 || (Quantile < 1 && Count < Math.Ceiling(Math.Round(1 / (1 - Quantile), 6)));
}
