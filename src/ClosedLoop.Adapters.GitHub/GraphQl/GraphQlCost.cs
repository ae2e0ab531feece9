namespace ClosedLoop.Adapters.GitHub.GraphQl;

/// <summary>
/// What a query costs by GitHub's published rule: the requests that its connections need if every one is filled to its <c>first</c>, divided by
/// 100, at least 1. Known before the query is sent, so that a budget is kept; the answer's own <c>rateLimit.cost</c> is what counts then. Pure.
/// </summary>
internal static class GraphQlCost
{
    // Reviews, and the commits' count.
    private const int PullRequest = 2;

    // Contexts and suites.
    private const int Checks = 2;

    // The deployments, and the statuses of each.
    private const int RepositoryDeployments = 1 + GraphQlDocument.RepositoryDeployments;
    private const int CommitDeployments = 1 + GraphQlDocument.CommitDeployments;

    /// <summary>Points of a batch of subjects.</summary>
    public static int Of(IReadOnlyCollection<GraphQlSubject> subjects, int targets, bool withLabels, bool withQueue = false, bool requiredOnly = false)
    {
        int requests = 0, checks = Checks + (requiredOnly ? 1 : 0);
        foreach (var subject in subjects)
            requests += subject.Number is not null ? PullRequest + (withLabels ? 1 : 0) + (withQueue ? 1 : 0) : subject.IsLines ? 1 + RepositoryDeployments + ((1 + targets) * checks) : checks + CommitDeployments;
        return Points(requests);
    }

    /// <summary>Points of a page of history for each of some lines.</summary>
    public static int OfHistory(int lines, int pageSize) => Points(lines * (1 + pageSize));

    // Rounded up where GitHub rounds to the nearest: a budget is not to be exceeded.
    private static int Points(int requests) => Math.Max(1, (requests + 99) / 100);
}
