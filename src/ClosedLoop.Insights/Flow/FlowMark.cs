using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Flow;

/// <summary>A line between weeks that must not be compared as if nothing had changed: the cliff of mission/002.</summary>
public sealed record FlowMark
{
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened.</summary>
    public required FlowMarkKind Kind { get; init; }

    /// <summary>One short sentence for people.</summary>
    public required string Text { get; init; }

    /// <summary>How many items it concerns; null where that means nothing.</summary>
    public int? Items { get; init; }

    /// <summary>The week it lies in.</summary>
    public IsoWeek Week => IsoWeek.Of(At);
}
