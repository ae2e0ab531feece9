namespace ClosedLoop.Adapters.GitHub;

/// <summary>What became of an action.</summary>
public enum GitHubActionOutcome
{
    /// <summary>GitHub did it.</summary>
    Done = 0,

    /// <summary>It was so before; nothing was changed.</summary>
    AlreadyDone = 1,

    /// <summary>The pull request has another head than the one that was to be merged. Judge the new head first.</summary>
    HeadMoved = 2,

    /// <summary>It is closed, a draft, in conflict, or its branch's rules are not met.</summary>
    NotMergeable = 3,

    /// <summary>Auto-merge is not allowed in the repository; allow it in its settings.</summary>
    AutoMergeNotAllowed = 4,

    /// <summary>Auto-merge has nothing to wait for: merge it.</summary>
    NothingToWaitFor = 5,

    /// <summary>A check that is not required has failed, and auto-merge does not wait for that; merge it, or have the check pass.</summary>
    Unstable = 6,

    /// <summary>The branch has no merge queue.</summary>
    NoMergeQueue = 7,

    /// <summary>Only what was merged can be reverted.</summary>
    NotMerged = 8,

    /// <summary>The revert does not apply cleanly; it has to be made by hand.</summary>
    RevertConflicts = 9,

    /// <summary>The token may not do it, or the repository is not in <see cref="GitHubOptions.Repositories"/>.</summary>
    Forbidden = 10,

    /// <summary>GitHub finds no such pull request for this token.</summary>
    NotFound = 11,

    /// <summary>GitHub refused for a reason that is in <see cref="GitHubActionResult.Detail"/>.</summary>
    Refused = 12,

    /// <summary>GitHub limits the rate; nothing was done. Ask again at <see cref="GitHubActionResult.RetryAt"/>.</summary>
    RateLimited = 13,

    /// <summary>There was no answer: it may have happened or not. Ask again; every action looks first whether it is done already.</summary>
    Unreachable = 14,
}
