using ClosedLoop.Insights.Records;

namespace ClosedLoop.Insights.Dora;

/// <summary>A deployment with what it brought.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Previous">The successful one before it, of the same scope, repository and environment; null for the first.</param>
/// <param name="Commits">The commits that it brought; for the first one all that can be reached, which says nothing of when they came.</param>
public sealed record DeployedCommits(DeploymentRecord Deployment, DeploymentRecord? Previous, IReadOnlyList<CommitRecord> Commits)
{
    /// <summary>
    /// Connects each successful deployment with the one before it, by when they finished. Failed ones, those that run, and those of which environment or repository is not known are left out.
    /// </summary>
    public static IReadOnlyDictionary<string, DeploymentRecord?> Predecessors(IEnumerable<DeploymentRecord> deployments) => Chain(deployments).ToDictionary(static c => c.Deployment.Id, static c => c.Previous, StringComparer.Ordinal);

    /// <summary>What each successful deployment to an environment brought, in the order in which they finished.</summary>
    public static IReadOnlyList<DeployedCommits> Of(IEnumerable<DeploymentRecord> deployments, CommitGraph graph, string environment = DeploymentRecord.Production)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return [.. Chain(deployments).Where(c => c.Deployment.IsSuccess(environment)).Select(c => new DeployedCommits(c.Deployment, c.Previous, graph.Between(c.Deployment.Commit, c.Previous?.Commit))).OrderBy(static d => d.Deployment.FinishedAt).ThenBy(static d => d.Deployment.Id, StringComparer.Ordinal)];
    }

    /// <summary>
    /// The deployment that brought a commit first, by when it started. Deployments without one before them never count: what they brought may have been there for long.
    /// </summary>
    public static IReadOnlyDictionary<string, DeploymentRecord> FirstOf(IEnumerable<DeployedCommits> deployed)
    {
        ArgumentNullException.ThrowIfNull(deployed);
        var first = new Dictionary<string, DeploymentRecord>(StringComparer.Ordinal);
        foreach (var one in deployed.Where(static d => d.Previous is not null).OrderBy(static d => d.Deployment.StartedAt ?? d.Deployment.FinishedAt).ThenBy(static d => d.Deployment.Id, StringComparer.Ordinal))
            foreach (var commit in one.Commits) first.TryAdd(commit.Sha, one.Deployment);
        return first;
    }

    private static IEnumerable<(DeploymentRecord Deployment, DeploymentRecord? Previous)> Chain(IEnumerable<DeploymentRecord> deployments)
    {
        ArgumentNullException.ThrowIfNull(deployments);
        foreach (var series in deployments.Where(static d => d is { Succeeded: true, FinishedAt: not null, Environment.Length: > 0, Repository.Length: > 0 }).GroupBy(static d => (d.Scope, d.Repository, d.Environment)))
        {
            DeploymentRecord? previous = null;
            foreach (var deployment in series.OrderBy(static d => d.FinishedAt).ThenBy(static d => d.StartedAt).ThenBy(static d => d.Id, StringComparer.Ordinal))
            {
                yield return (deployment, previous);
                previous = deployment;
            }
        }
    }
}
