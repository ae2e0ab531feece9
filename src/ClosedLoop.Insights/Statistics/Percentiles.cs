using System.Globalization;

namespace ClosedLoop.Insights.Statistics;

/// <summary>Percentiles by the rules that sources use. Pure; every one is null for want of values.</summary>
public static class Percentiles
{
    /// <summary>The 1-based rank of a quantile by the nearest rank: <c>ceil(q * n)</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The quantile is not above 0 and up to 1.</exception>
    public static int Rank(double quantile, int count)
    {
        if (quantile is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(quantile), quantile, "A quantile is above 0 and up to 1.");
        // In decimal 0.95 of 20 is 19; in binary it is a little more, and its ceiling would be 20.
        decimal rank = Math.Ceiling(decimal.Parse(quantile.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture) * count);
        return Math.Clamp((int)rank, 1, Math.Max(1, count));
    }

    /// <summary>The nearest rank, <c>sorted[ceil(q*n)-1]</c>: always one of the values. This is the rule of every percentile here unless it says otherwise.</summary>
    public static TimeSpan? NearestRank(IEnumerable<TimeSpan> values, double quantile)
    {
        var sorted = Sorted(values);
        return sorted.Length == 0 ? null : sorted[Rank(quantile, sorted.Length) - 1];
    }

    /// <summary>Interpolates linearly at <c>q*(n-1)</c>, as SQL's <c>PERCENTILE_CONT</c> does. Four Keys uses it.</summary>
    public static TimeSpan? Continuous(IEnumerable<TimeSpan> values, double quantile)
    {
        if (quantile is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(quantile), quantile, "A quantile is 0 to 1.");
        var sorted = Sorted(values);
        if (sorted.Length == 0) return null;
        double place = quantile * (sorted.Length - 1);
        int below = (int)Math.Floor(place);
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }

    /// <summary>The lower median, <c>sorted[floor((n-1)/2)]</c>: the greatest value whose <c>percent_rank</c> is at most one half, as DevLake's dashboards take it.</summary>
    public static TimeSpan? LowerMedian(IEnumerable<TimeSpan> values)
    {
        var sorted = Sorted(values);
        return sorted.Length == 0 ? null : sorted[(sorted.Length - 1) / 2];
    }

    /// <summary>The lower median of whole numbers.</summary>
    public static int? LowerMedian(IEnumerable<int> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        int[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? null : sorted[(sorted.Length - 1) / 2];
    }

    private static TimeSpan[] Sorted(IEnumerable<TimeSpan> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return [.. values.Order()];
    }
}
