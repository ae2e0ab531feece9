namespace ClosedLoop.AspNetCore.Api.Incidents;

internal sealed record IncidentDecisionRequest
{
    public string? Note { get; init; }
}
