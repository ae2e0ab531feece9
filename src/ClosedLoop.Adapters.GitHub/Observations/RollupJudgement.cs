using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>What the checks of one commit say together.</summary>
/// <param name="Status">The gate status.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">The check that decided, or why none did.</param>
/// <param name="Latest">The latest run of each check.</param>
internal sealed record RollupJudgement(GateStatus Status, Reason Reason, string? Detail, IReadOnlyList<RollupPart> Latest)
{
    public long Count(RollupBucket bucket) => Latest.LongCount(p => p.Bucket == bucket);
}
