using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Flow;

/// <summary>One gate of a pipeline: what waits at it now, and how long items took to get through it.</summary>
public sealed record GateFlow
{
    /// <summary>The gate.</summary>
    public required string Gate { get; init; }

    /// <summary>Whether an item can be done without it; what waits at it then is not work in progress.</summary>
    public bool IsAfterDone { get; init; }

    /// <summary>How many items wait at it: all before it holds, and it does not.</summary>
    public int Waiting { get; init; }

    /// <summary>How long these have been waiting; an early sign, since it moves before the times of what is finished do.</summary>
    public DurationSummary Age { get; init; } = DurationSummary.None;

    /// <summary>
    /// How long items waited at it until it passed, of those that passed it in the last 13 weeks; 0 for one that had passed before its turn came. Censored: those that wait now. Left out: those
    /// for which it did not apply or was waived, was passed over, or whose item was abandoned.
    /// </summary>
    public DurationSummary Time { get; init; } = DurationSummary.None;
}
