namespace ClosedLoop.Insights.Outcomes;

/// <summary>
/// Whether more pull requests are merged while no more features come of it. A flag for people, nothing more: two slopes over the last weeks.
/// </summary>
public sealed record VanityCheck
{
    /// <summary>Fewer full weeks than this say nothing.</summary>
    public const int LeastWeeks = 6;

    /// <summary>How many weeks were compared.</summary>
    public int Weeks { get; init; }

    /// <summary>How many more merges each week brought than the one before, by the least squares' line; null with too few weeks.</summary>
    public double? MergeSlope { get; init; }

    /// <summary>The same for features.</summary>
    public double? FeatureSlope { get; init; }

    /// <summary>Whether merges rise by at least a twentieth of their mean each week while features do not rise; null with too few weeks.</summary>
    public bool? IsFlagged { get; init; }

    /// <summary>Compares full weeks, oldest first.</summary>
    /// <param name="merges">Merges of each week.</param>
    /// <param name="features">Features delivered in the same weeks.</param>
    /// <exception cref="ArgumentException">They are not of the same weeks.</exception>
    public static VanityCheck Measure(IReadOnlyList<int> merges, IReadOnlyList<int> features)
    {
        ArgumentNullException.ThrowIfNull(merges);
        ArgumentNullException.ThrowIfNull(features);
        if (merges.Count != features.Count) throw new ArgumentException($"{merges.Count} weeks of merges and {features.Count} of features; give the same weeks of both.", nameof(features));
        if (merges.Count < LeastWeeks) return new VanityCheck { Weeks = merges.Count };
        double merging = Slope(merges), delivering = Slope(features);
        const double WorthSaying = 0.05;
        return new VanityCheck { Weeks = merges.Count, MergeSlope = merging, FeatureSlope = delivering, IsFlagged = merging > 0 && merging >= WorthSaying * merges.Average() && delivering <= 0 };
    }

    private static double Slope(IReadOnlyList<int> values)
    {
        double middle = (values.Count - 1) / 2.0, mean = values.Average(), above = 0, below = 0;
        for (int i = 0; i < values.Count; i++) (above, below) = (above + ((i - middle) * (values[i] - mean)), below + ((i - middle) * (i - middle)));
        return above / below;
    }
}
