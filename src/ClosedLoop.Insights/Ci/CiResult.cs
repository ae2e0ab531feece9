namespace ClosedLoop.Insights.Ci;

/// <summary>What became of a CI run.</summary>
public enum CiResult
{
    /// <summary>There is no verdict yet.</summary>
    Pending = 0,

    /// <summary>It passed.</summary>
    Passed = 1,

    /// <summary>It failed.</summary>
    Failed = 2,

    /// <summary>It was cancelled or a newer push took its place: neither pass nor fail.</summary>
    Superseded = 3,
}
