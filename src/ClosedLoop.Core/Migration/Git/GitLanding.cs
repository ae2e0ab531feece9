namespace ClosedLoop.Migration;

/// <summary>One landing: a commit of the line's first-parent history, and what it brought in.</summary>
/// <param name="Sha">The commit's full id, in lower-case hex.</param>
/// <param name="Kind">How it landed.</param>
/// <param name="CommittedAt">When it landed: the commit's committer time, by the committer's clock.</param>
/// <param name="AuthoredAt">
/// The earliest author time among the commits that it brought in: for a merge those reachable from its other parents and from no
/// earlier landing, the merge commit itself not counted; for a squash or direct landing its own. A merge that brought in nothing has its own.
/// </param>
/// <param name="Subject">The first line of its message, control characters replaced by spaces; 300 characters at most are kept.</param>
/// <param name="PullRequestNumber">The pull request that the subject names, or null.</param>
/// <param name="CommitCount">The number of commits that it brought in: 1 for a squash or direct landing, 0 or more for a merge.</param>
public readonly record struct GitLanding(
    string Sha,
    GitLandingKind Kind,
    DateTimeOffset CommittedAt,
    DateTimeOffset AuthoredAt,
    string Subject,
    long? PullRequestNumber,
    int CommitCount)
{
    /// <summary>
    /// From the first authored commit to the landing. Negative when the clocks of author and committer disagree;
    /// <see cref="GitThroughput"/> leaves those out and counts them.
    /// </summary>
    public TimeSpan LeadTime => CommittedAt - AuthoredAt;
}
