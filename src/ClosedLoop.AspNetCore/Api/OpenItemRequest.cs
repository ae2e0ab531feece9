namespace ClosedLoop.AspNetCore.Api;

internal sealed record OpenItemRequest
{
    public string? Id { get; init; }

    public string? Title { get; init; }

    public string? Pipeline { get; init; }

    public string? Priority { get; init; }

    public AgentRequest? Agent { get; init; }

    public IReadOnlyList<string?>? Keys { get; init; }
}
