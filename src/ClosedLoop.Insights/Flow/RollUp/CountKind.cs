namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>What is counted by week. The numbers are stored: new ones go to the end.</summary>
internal enum CountKind
{
    Opened = 0,
    Declared = 1,
    Merged = 2,
    Done = 3,
    StillDone = 4,
    DoneAgain = 5,
    Reopened = 6,
    Abandoned = 7,
    Resumed = 8,
    Migrated = 9,

    /// <summary>
    /// The seconds since 1970 at which items were opened, added where they became open and taken away where they ceased to be: with it the average age at the end of any week is known.
    /// </summary>
    OpenSince = 10,
}
