namespace ClosedLoop.Pipelines;

/// <summary>How evidence about a commit of a line counts for the changes that the commit contains (docs/coverage.md).</summary>
public enum GateCoverage
{
    /// <summary>Only evidence that is linked to the change itself counts. The default for a team's own gates.</summary>
    Exact = 0,

    /// <summary>
    /// A success at a commit counts for every change that the commit contains, for good: CI of the target branch, images.
    /// </summary>
    Cumulative = 1,

    /// <summary>
    /// Only what runs now counts, per environment and target: the newest rollout's commits have to contain the change. A rollback takes it
    /// away again.
    /// </summary>
    Level = 2,
}
