namespace ClosedLoop.AspNetCore.Api;

internal sealed record WaiverRequest
{
    public string? Gate { get; init; }

    /// <summary>The person who waives; a person's own token says it already.</summary>
    public string? Person { get; init; }

    public string? Reason { get; init; }
}
