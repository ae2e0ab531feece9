namespace ClosedLoop.Adapters.GitHub;

/// <summary>How a pull request is merged.</summary>
public enum GitHubMergeMethod
{
    /// <summary>With a merge commit.</summary>
    Merge = 0,

    /// <summary>As one commit.</summary>
    Squash = 1,

    /// <summary>Each commit by itself onto the base branch.</summary>
    Rebase = 2,
}
