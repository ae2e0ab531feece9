namespace ClosedLoop.AspNetCore.Api;

internal sealed record RecordFactRequest
{
    public string? Gate { get; init; }

    public string? Status { get; init; }

    public string? Detail { get; init; }

    public string? Reason { get; init; }

    public EvidenceBody? Evidence { get; init; }

    public IReadOnlyList<string?>? Keys { get; init; }
}
