using ClosedLoop.Insights.Records;

namespace ClosedLoop.Insights.Dora;

/// <summary>An incident and the deployment that caused it.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="Deployment">The deployment, as its row that finished last.</param>
/// <param name="IsGuessed">Whether only time speaks for it: it was the last one before.</param>
public sealed record IncidentLink(IncidentRecord Incident, DeploymentRecord Deployment, bool IsGuessed);
