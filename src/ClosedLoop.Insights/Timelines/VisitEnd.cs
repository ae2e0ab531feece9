namespace ClosedLoop.Insights.Timelines;

/// <summary>How an item's wait at a gate ended.</summary>
public enum VisitEnd
{
    /// <summary>It has not: censored.</summary>
    None = 0,

    /// <summary>The gate passed.</summary>
    Passed = 1,

    /// <summary>The gate turned out not to apply, was waived by a person, or was set by a migration.</summary>
    NotApplicable = 2,

    /// <summary>A later gate holds, and this one is not needed: merged without a review.</summary>
    PassedOver = 3,

    /// <summary>A gate before it no longer holds, so the item went back.</summary>
    WentBack = 4,

    /// <summary>The item was abandoned, or was done without this gate.</summary>
    Closed = 5,
}
