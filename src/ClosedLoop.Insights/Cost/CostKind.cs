namespace ClosedLoop.Insights.Cost;

/// <summary>What money was spent on.</summary>
public enum CostKind
{
    /// <summary>Calls of models.</summary>
    ModelApi = 0,

    /// <summary>Computing in CI.</summary>
    CiCompute = 1,

    /// <summary>Runners and sandboxes.</summary>
    Runner = 2,

    /// <summary>People's time for review.</summary>
    HumanReview = 3,

    /// <summary>People's time for product management.</summary>
    ProductManagement = 4,

    /// <summary>Anything else.</summary>
    Other = 5,
}
