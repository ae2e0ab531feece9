using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Review;

/// <summary>How many pull requests went in without a person, and whether that was right.</summary>
public sealed record AutoApproval
{
    /// <summary>The target of mission/001.</summary>
    public const double Target = 0.60;

    /// <summary>Merged as green without a person, out of all that were merged. A green one that a person approved or merged does not count. Those that were reverted do.</summary>
    public Ratio Rate { get; init; }

    /// <summary>Green at the merge, out of those that were classified.</summary>
    public Ratio GreenShare { get; init; }

    /// <summary>Of those that were merged without a person, how many were reverted.</summary>
    public int Reverted { get; init; }

    /// <summary>Merged without ever having been classified.</summary>
    public int Unclassified { get; init; }

    /// <summary>Measures what was merged.</summary>
    public static AutoApproval Measure(IReadOnlyCollection<MergedChange> merged)
    {
        ArgumentNullException.ThrowIfNull(merged);
        var auto = merged.Where(static m => m is { Class: ReviewClass.Green, ByHuman: false }).ToList();
        int classified = merged.Count(static m => m.Class is not null);
        return new AutoApproval
        {
            Rate = new Ratio(auto.Count, merged.Count),
            GreenShare = new Ratio(merged.Count(static m => m.Class == ReviewClass.Green), classified),
            Reverted = auto.Count(static m => m.WasReverted),
            Unclassified = merged.Count - classified,
        };
    }
}
