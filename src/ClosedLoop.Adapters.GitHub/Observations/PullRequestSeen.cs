namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>A pull request as either path read it: the webhook's JSON and the GraphQL answer come together here, so that equal states give equal facts.</summary>
internal sealed record PullRequestSeen
{
    /// <summary>The repository that the pull request is made to, <c>owner/name</c>.</summary>
    public required string Repository { get; init; }

    public required long Number { get; init; }

    /// <summary><c>open</c>, <c>closed</c> or <c>merged</c>, in lower case.</summary>
    public required string State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string Head { get; init; }

    public required string HeadBranch { get; init; }

    public required string BaseBranch { get; init; }

    /// <summary>The repository of the head branch; null when the fork is gone.</summary>
    public string? HeadRepository { get; init; }

    public string? Title { get; init; }

    public string? Body { get; init; }

    /// <summary>Whether its title or body spoke of reverting before the edit that is announced; only a webhook knows.</summary>
    public bool MentionedReverts { get; init; }

    public string? Url { get; init; }

    public bool IsDraft { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Set exactly when it was merged; the list API has no other sign of it.</summary>
    public DateTimeOffset? MergedAt { get; init; }

    /// <summary>The commit on the base branch; before the merge GitHub puts a test merge here, so it is read only with <see cref="MergedAt"/>.</summary>
    public string? MergeCommit { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>How many commits it has; a tie-breaker.</summary>
    public long Commits { get; init; }
}
