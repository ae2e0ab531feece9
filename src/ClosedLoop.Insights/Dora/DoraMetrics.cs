using ClosedLoop.Insights.Records;
using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Dora;

/// <summary>The metrics of DORA that speak of what went wrong. Pure.</summary>
public static class DoraMetrics
{
    /// <summary>
    /// Change fail rate: deployments that needed immediate intervention out of all. Both sides count distinct deployments, so several incidents of one deployment are one and the rate is never above 1. Null without
    /// deployments.
    /// </summary>
    public static Ratio ChangeFailRate(IEnumerable<DeploymentRecord> deployments, IncidentLinks incidents, DateTimeOffset from, DateTimeOffset to, string environment = DeploymentRecord.Production)
    {
        ArgumentNullException.ThrowIfNull(incidents);
        var failed = incidents.Links.Select(static l => l.Deployment.Deployment).ToHashSet(StringComparer.Ordinal);
        var all = Within(deployments, from, to, environment);
        return new Ratio(all.Count(d => failed.Contains(d.Deployment)), all.Count);
    }

    /// <summary>
    /// Failed deployment recovery time: from the deployment that failed to the end of the last incident that it caused. One value for each deployment; those with an incident that is open are censored. External incidents are in none.
    /// </summary>
    public static DurationSummary FailedDeploymentRecoveryTime(IncidentLinks incidents)
    {
        ArgumentNullException.ThrowIfNull(incidents);
        var values = new List<TimeSpan>();
        var excluded = new Exclusions();
        excluded.Add("external", incidents.External);
        excluded.Add("unlinked", incidents.Unlinked);
        int open = 0;
        foreach (var failure in incidents.Links.GroupBy(static l => l.Deployment.Deployment, StringComparer.Ordinal))
        {
            var finished = failure.First().Deployment.FinishedAt!.Value;
            if (failure.Any(static l => l.Incident.ResolvedAt is null)) open++;
            else if (failure.Max(static l => l.Incident.ResolvedAt!.Value) is var recovered && recovered >= finished) values.Add(recovered - finished);
            else excluded.Add(ChangeLeadTime.Negative);
        }
        return Summaries.Of(values, open, excluded.Counts);
    }

    /// <summary>Time to restore: from an incident's opening to its end, whatever caused it. A metric of incidents, not of deployments; open ones are censored.</summary>
    public static DurationSummary TimeToRestore(IEnumerable<IncidentRecord> incidents)
    {
        ArgumentNullException.ThrowIfNull(incidents);
        var values = new List<TimeSpan>();
        var excluded = new Exclusions();
        int open = 0;
        foreach (var incident in incidents)
        {
            if (incident.ResolvedAt is not { } resolved) open++;
            else if (resolved < incident.CreatedAt) excluded.Add(ChangeLeadTime.Negative);
            else values.Add(resolved - incident.CreatedAt);
        }
        return Summaries.Of(values, open, excluded.Counts);
    }

    /// <summary>
    /// Deployment rework rate: unplanned deployments that an incident made necessary out of those of which somebody said. Null when nobody said of any. There are no official bands for it.
    /// </summary>
    public static Ratio DeploymentReworkRate(IEnumerable<DeploymentRecord> deployments, DateTimeOffset from, DateTimeOffset to, string environment = DeploymentRecord.Production)
    {
        var said = Within(deployments, from, to, environment).Where(static d => d.IsUnplanned is not null || d.IsRollback).ToList();
        return new Ratio(said.Count(static d => d.IsUnplanned ?? d.IsRollback), said.Count);
    }

    private static List<DeploymentRecord> Within(IEnumerable<DeploymentRecord> deployments, DateTimeOffset from, DateTimeOffset to, string environment) =>
        DistinctDeployment.Of(deployments, environment).FindAll(d => d.FinishedAt >= from && d.FinishedAt < to);
}
