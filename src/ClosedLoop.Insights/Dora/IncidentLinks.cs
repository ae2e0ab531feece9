using ClosedLoop.Insights.Records;

namespace ClosedLoop.Insights.Dora;

/// <summary>Which deployment caused which incident.</summary>
public sealed record IncidentLinks
{
    /// <summary>The incidents with the deployment that caused each.</summary>
    public IReadOnlyList<IncidentLink> Links { get; init; } = [];

    /// <summary>Incidents that something outside caused.</summary>
    public int External { get; init; }

    /// <summary>Incidents before which nothing was deployed, or that name a deployment that is not known.</summary>
    public int Unlinked { get; init; }

    /// <summary>
    /// Links incidents to deployments: to the one that an incident names; else, as DevLake does, to the last successful deployment to production that finished strictly before the incident was
    /// opened. The second is a guess, and each link says which it is.
    /// </summary>
    public static IncidentLinks Of(IEnumerable<IncidentRecord> incidents, IEnumerable<DeploymentRecord> deployments, string environment = DeploymentRecord.Production)
    {
        ArgumentNullException.ThrowIfNull(incidents);
        ArgumentNullException.ThrowIfNull(deployments);
        var rows = deployments.Where(d => d.IsSuccess(environment)).OrderBy(static d => d.FinishedAt).ThenBy(static d => d.Id, StringComparer.Ordinal).ToList();
        var known = DistinctDeployment.Of(rows, environment).ToDictionary(static d => d.Deployment, StringComparer.Ordinal);
        var links = new List<IncidentLink>();
        int external = 0, unlinked = 0;
        foreach (var incident in incidents)
        {
            string? cause = incident.Deployment ?? rows.FindLast(d => d.FinishedAt < incident.CreatedAt)?.Deployment;
            if (incident.IsExternal) external++;
            else if (cause is not null && known.TryGetValue(cause, out var deployment)) links.Add(new IncidentLink(incident, deployment, incident.Deployment is null));
            else unlinked++;
        }
        return new IncidentLinks { Links = links, External = external, Unlinked = unlinked };
    }
}
