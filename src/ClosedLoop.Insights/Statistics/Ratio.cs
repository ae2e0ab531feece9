namespace ClosedLoop.Insights.Statistics;

/// <summary>A share of a whole, with both sides of it.</summary>
/// <param name="Part">How many of the whole.</param>
/// <param name="Whole">Out of how many.</param>
public readonly record struct Ratio(long Part, long Whole)
{
    /// <summary>Fewer than this are too few to go by; see <see cref="IsLowSample"/>.</summary>
    public const int EnoughToGoBy = 20;

    /// <summary>The share, 0 to 1; null when there is no whole: nothing was observed, which is neither 0 nor 1.</summary>
    public double? Value => Whole == 0 ? null : (double)Part / Whole;

    /// <summary>Whether the whole is smaller than <see cref="EnoughToGoBy"/>.</summary>
    public bool IsLowSample => Whole < EnoughToGoBy;
}
