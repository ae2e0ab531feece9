namespace ClosedLoop.AspNetCore.Api.Incidents;

internal sealed record SilenceRequest
{
    public DateTimeOffset? Until { get; init; }

    public string? Note { get; init; }
}
