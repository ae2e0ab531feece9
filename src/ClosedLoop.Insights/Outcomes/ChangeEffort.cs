namespace ClosedLoop.Insights.Outcomes;

/// <summary>What went into one change.</summary>
/// <param name="Change">Its id.</param>
/// <param name="AcceptedAt">When its specification was accepted.</param>
/// <param name="LiveAt">When it was live; null while it is not.</param>
/// <param name="Active">How long steps of it were under way, steps side by side counted once; null when that is not known.</param>
/// <param name="HumanActs">
/// How often a person acted between the opening of the pull request and being live: a commit, a request for changes, a merge, deployment or rollback by hand, a checkpoint. Writing the specification is none. Null when that is not known.
/// </param>
public sealed record ChangeEffort(string Change, DateTimeOffset AcceptedAt, DateTimeOffset? LiveAt, TimeSpan? Active, int? HumanActs);
