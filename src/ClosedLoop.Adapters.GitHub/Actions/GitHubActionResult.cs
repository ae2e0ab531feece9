namespace ClosedLoop.Adapters.GitHub;

/// <summary>What became of an action. Immutable.</summary>
public sealed record GitHubActionResult
{
    /// <summary>What became of it.</summary>
    public required GitHubActionOutcome Outcome { get; init; }

    /// <summary>What happened and what to do, in one sentence without secrets; null when it is done.</summary>
    public string? Detail { get; init; }

    /// <summary>The commit on the base branch, once it is merged; else null.</summary>
    public string? MergeCommit { get; init; }

    /// <summary>The number of the pull request that reverts, after a revert; else null.</summary>
    public long? RevertNumber { get; init; }

    /// <summary>Its place in the merge queue, first is 1, after it was put there; null when GitHub did not say.</summary>
    public long? QueuePosition { get; init; }

    /// <summary>When to ask again at the earliest, after a limit of the rate; else null.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Whether it is as it was to be: done now or before.</summary>
    public bool IsDone => Outcome is GitHubActionOutcome.Done or GitHubActionOutcome.AlreadyDone;
}
