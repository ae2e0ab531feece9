namespace ClosedLoop.AspNetCore.Api.Incidents;

internal sealed record IncidentPageBody(IReadOnlyList<IncidentBody> Incidents, string? NextCursor);
