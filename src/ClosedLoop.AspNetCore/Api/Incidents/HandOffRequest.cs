namespace ClosedLoop.AspNetCore.Api.Incidents;

internal sealed record HandOffRequest
{
    public string? Answer { get; init; }

    public string? Note { get; init; }
}
