namespace ClosedLoop.Insights.Timelines;

/// <summary>What makes an item open or not.</summary>
public enum TurnKind
{
    /// <summary>It was opened.</summary>
    Opened = 0,

    /// <summary>It was done for the first time.</summary>
    Done = 1,

    /// <summary>It was done again.</summary>
    DoneAgain = 2,

    /// <summary>It was done, and no longer is.</summary>
    Reopened = 3,

    /// <summary>All its changes were closed without being merged.</summary>
    Abandoned = 4,

    /// <summary>It was abandoned, and no longer is.</summary>
    Resumed = 5,
}
