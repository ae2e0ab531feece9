namespace ClosedLoop.Insights.Review;

/// <summary>What may happen to a pull request by itself.</summary>
public enum ReviewClass
{
    /// <summary>Everything is known and fine: it may be merged by itself.</summary>
    Green = 0,

    /// <summary>A person has to look.</summary>
    Yellow = 1,

    /// <summary>Back to its author.</summary>
    Red = 2,
}
