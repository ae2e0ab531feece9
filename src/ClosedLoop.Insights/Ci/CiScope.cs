namespace ClosedLoop.Insights.Ci;

/// <summary>Whose CI it was. They are never counted together.</summary>
public enum CiScope
{
    /// <summary>The team's, which everybody shares.</summary>
    Team = 0,

    /// <summary>An agent's own, which costs nobody else anything.</summary>
    Sandbox = 1,

    /// <summary>The merge queue's.</summary>
    MergeQueue = 2,
}
