namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>All checks of one commit together, which only the probe can see.</summary>
internal sealed record CommitSeen
{
    public required string Repository { get; init; }

    public required string Commit { get; init; }

    /// <summary>GitHub's own sum, in lower case: <c>success</c>, <c>failure</c>, <c>error</c>, <c>pending</c> or <c>expected</c>.</summary>
    public required string State { get; init; }

    public required IReadOnlyList<CheckSeen> Checks { get; init; }

    public required IReadOnlyList<CommitStatusSeen> Statuses { get; init; }

    /// <summary>How many checks and statuses GitHub says there are.</summary>
    public required long Count { get; init; }

    /// <summary>Whether all of them could be read.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>The workflow runs on the commit: their status and conclusion, in lower case. They exist before their jobs' check runs do.</summary>
    public IReadOnlyList<(string Status, string? Conclusion)> Workflows { get; init; } = [];

    /// <summary>What triggers the workflows of a merge queue.</summary>
    public const string QueueTrigger = "merge_group";

    /// <summary>Whether what ran in the merge queue counts as well.</summary>
    public bool CountsQueue { get; init; }

    /// <summary>Whether only the checks count that the branch's rules ask for.</summary>
    public bool RequiredOnly { get; init; }

    /// <summary>The commit's page.</summary>
    public string? Url { get; init; }
}
