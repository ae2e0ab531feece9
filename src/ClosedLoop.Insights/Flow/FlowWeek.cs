using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Flow;

/// <summary>
/// One ISO week of a pipeline, by the clocks of the sources: something that was learned of late is counted in the week in which it happened, so past weeks can still change.
/// </summary>
/// <remarks>
/// Between the end of one week and the end of the next, work in progress changes by exactly <see cref="Opened"/> + <see cref="Reopened"/> + <see cref="Resumed"/> -
/// <see cref="Done"/> - <see cref="DoneAgain"/> - <see cref="Abandoned"/>.
/// </remarks>
public sealed record FlowWeek
{
    /// <summary>Which week.</summary>
    public required IsoWeek Week { get; init; }

    /// <summary>Whether it is over. A week that is not must not be compared with those that are.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Items that were opened.</summary>
    public int Opened { get; init; }

    /// <summary>
    /// Items that would have been counted as completed where the agent's word counts: their pull request was opened (or they were merged, when nobody told of one). This is the velocity that most fleets declare.
    /// </summary>
    public int Declared { get; init; }

    /// <summary>Items that were merged for the first time: the velocity of those that count merges.</summary>
    public int Merged { get; init; }

    /// <summary>Items that were done for the first time: every gate of the DONE definition held. The honest velocity.</summary>
    public int Done { get; init; }

    /// <summary>Of <see cref="Done"/>, those that are done as of now.</summary>
    public int StillDone { get; init; }

    /// <summary>Items that were done again after they had been reopened; not in <see cref="Done"/>.</summary>
    public int DoneAgain { get; init; }

    /// <summary>How often a completed item stopped being done: a revert, a rollback, a failed check.</summary>
    public int Reopened { get; init; }

    /// <summary>Items whose changes were all closed without being merged.</summary>
    public int Abandoned { get; init; }

    /// <summary>Abandoned items that were taken up again.</summary>
    public int Resumed { get; init; }

    /// <summary>How many items were open at its end; for the present week, now.</summary>
    public int WorkInProgress { get; init; }

    /// <summary>From opened to done, of the items that were done for the first time in it. Kept for the last 13 weeks; before, nothing but the count.</summary>
    public DurationSummary LeadTime { get; init; } = DurationSummary.None;

    /// <summary>How many more were declared than done: what a declared velocity over-reports for the week.</summary>
    public int Overdeclared => Declared - Done;
}
