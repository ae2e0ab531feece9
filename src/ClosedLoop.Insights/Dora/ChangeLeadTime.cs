using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Dora;

/// <summary>
/// Change lead time: from a commit to the deployment that brought it to production (DORA 2024/2025). One value for each commit, by its first deployment; reverts are changes too. Pure.
/// </summary>
public static class ChangeLeadTime
{
    /// <summary>Left out: the deployment is the first of its kind, and nobody knows what was there before.</summary>
    public const string FirstDeployment = "first-deployment";

    /// <summary>Left out: the commit is later than the deployment, so a clock is wrong or history was rewritten.</summary>
    public const string Negative = "negative";

    /// <summary>Left out: nobody knows when it was committed.</summary>
    public const string UnknownCommitTime = "commit-time-unknown";

    /// <param name="deployed">The deployments with what they brought.</param>
    /// <param name="waiting">How many commits are on the line and not deployed: censored.</param>
    public static DurationSummary Measure(IEnumerable<DeployedCommits> deployed, int waiting = 0)
    {
        ArgumentNullException.ThrowIfNull(deployed);
        var values = new List<TimeSpan>();
        var excluded = new Exclusions();
        var seen = new HashSet<(string, string)>();
        foreach (var one in deployed.OrderBy(static d => d.Deployment.FinishedAt).ThenBy(static d => d.Deployment.Id, StringComparer.Ordinal))
        {
            foreach (var commit in one.Commits)
            {
                if (!seen.Add((one.Deployment.Repository, commit.Sha))) continue;
                if (one.Previous is null) excluded.Add(FirstDeployment);
                else if (commit.CommittedAt is not { } committed) excluded.Add(UnknownCommitTime);
                else if (one.Deployment.FinishedAt < committed) excluded.Add(Negative);
                else values.Add(one.Deployment.FinishedAt!.Value - committed);
            }
        }
        return Summaries.Of(values, waiting, excluded.Counts);
    }
}
