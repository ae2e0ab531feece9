namespace ClosedLoop.LoadRig;

/// <summary>What several rounds gave. Never one number: the machine is noisy.</summary>
internal sealed record Spread(double Min, double Median, double Max)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Spread(sorted[0], (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[^1]);
    }

    /// <summary>By nearest rank: the smallest value that at least that share does not exceed.</summary>
    public static double Percentile(IReadOnlyCollection<double> values, int percent)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * percent / 100.0) - 1)];
    }
}
