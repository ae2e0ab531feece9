using System.Collections.Immutable;

namespace ClosedLoop.Alerting.Evaluation;

/// <summary>What the evaluation keeps between rounds and restarts, beside the incidents themselves.</summary>
internal sealed record AlertState
{
    /// <summary>The place in the transition log up to which everything was considered.</summary>
    public long After { get; init; }

    /// <summary>Items on red lines, at most 1,000, so that the lines are found again after a restart.</summary>
    public ImmutableArray<string> RedItems { get; init; } = [];

    /// <summary>The work in progress, by pipeline.</summary>
    public ImmutableSortedDictionary<string, WipHours> Wip { get; init; } = ImmutableSortedDictionary<string, WipHours>.Empty;
}
