using ClosedLoop.Insights.Dora;
using ClosedLoop.Insights.Records;

namespace ClosedLoop.Insights.CycleTime;

/// <summary>
/// The cycle time of a merged pull request as Apache DevLake computes it (dora plugin, May 2026), in whole minutes: each span is rounded up, and one that is still below zero is dropped. For comparison with DevLake;
/// <see cref="CycleTimeParts"/> has the exact spans.
/// </summary>
/// <param name="CodingMinutes">From the first commit to the opening.</param>
/// <param name="PickupMinutes">From the opening to the first review.</param>
/// <param name="ReviewMinutes">From the first review to the merge.</param>
/// <param name="DeployMinutes">From the merge to the first deployment to production.</param>
/// <param name="CycleMinutes">Coding, plus opening to merge, plus deploy; a part that is missing counts as nothing. DevLake takes this for the change lead time.</param>
public sealed record DevLakeCycle(long? CodingMinutes, long? PickupMinutes, long? ReviewMinutes, long? DeployMinutes, long CycleMinutes)
{
    /// <summary>Measures one pull request.</summary>
    /// <param name="change">The pull request.</param>
    /// <param name="deployments">By merge commit, the deployment that brought it first: <see cref="DeployedCommits.FirstOf"/>.</param>
    /// <returns>Null when it is not merged.</returns>
    public static DevLakeCycle? Of(ChangeRecord change, IReadOnlyDictionary<string, DeploymentRecord> deployments)
    {
        if (CycleTimeParts.Of(change, deployments) is not { } parts) return null;
        long? coding = Minutes(parts.Coding), open = Minutes(parts.Open), deploy = Minutes(parts.Deploy);
        return new DevLakeCycle(coding, Minutes(parts.Pickup), Minutes(parts.Review), deploy, (coding ?? 0) + (open ?? 0) + (deploy ?? 0));
    }

    // Half a minute below zero is rounded up to zero, and stays.
    private static long? Minutes(TimeSpan? span) => span is { } value && Math.Ceiling(value.TotalMinutes) is var minutes && minutes >= 0 ? (long)minutes : null;
}
