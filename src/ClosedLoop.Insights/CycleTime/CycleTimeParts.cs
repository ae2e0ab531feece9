using ClosedLoop.Insights.Records;

namespace ClosedLoop.Insights.CycleTime;

/// <summary>
/// The parts of one merged pull request's way, exactly; a part is null where one of its ends is not known, and negative where the sources contradict each other.
/// </summary>
/// <param name="Coding">From the first commit to the opening.</param>
/// <param name="Pickup">From the opening to the first review by somebody else.</param>
/// <param name="Review">From that review to the merge.</param>
/// <param name="Open">From the opening to the merge.</param>
/// <param name="Deploy">From the merge to the first deployment to production that has one before it.</param>
public sealed record CycleTimeParts(TimeSpan? Coding, TimeSpan? Pickup, TimeSpan? Review, TimeSpan Open, TimeSpan? Deploy)
{
    /// <summary>From the first commit to production; null unless both ends are known.</summary>
    public TimeSpan? Total => Coding is { } coding && Deploy is { } deploy ? coding + Open + deploy : null;

    /// <summary>Measures one pull request.</summary>
    /// <param name="change">The pull request.</param>
    /// <param name="deployments">By merge commit, the deployment that brought it first.</param>
    /// <returns>Null when it is not merged.</returns>
    public static CycleTimeParts? Of(ChangeRecord change, IReadOnlyDictionary<string, DeploymentRecord> deployments)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(deployments);
        if (change.MergedAt is not { } merged) return null;
        var review = FirstReview(change);
        var deployed = change.MergeCommit is { } sha ? deployments.GetValueOrDefault(sha)?.FinishedAt : null;
        return new CycleTimeParts(change.CreatedAt - change.FirstCommitAt, review - change.CreatedAt, merged - review, merged - change.CreatedAt, deployed - merged);
    }

    // When nobody knows the author, anybody's comment counts.
    private static DateTimeOffset? FirstReview(ChangeRecord change)
    {
        var others = change.Comments.Where(c => string.IsNullOrEmpty(change.Author) || (c.Author is not null && c.Author != change.Author)).Select(static c => c.At).ToList();
        return others.Count == 0 ? null : others.Min();
    }
}
