namespace ClosedLoop.Alerting.Incidents;

/// <summary>What became of a decision about an incident.</summary>
/// <param name="Incident">The incident as it is now; null when there is none of that id.</param>
/// <param name="Refusal">Why nothing was changed; null when it was.</param>
public sealed record IncidentDecision(Incident? Incident, string? Refusal)
{
    /// <summary>Whether it was taken.</summary>
    public bool IsTaken => Refusal is null;
}
