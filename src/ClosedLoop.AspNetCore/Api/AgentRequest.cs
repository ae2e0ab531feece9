namespace ClosedLoop.AspNetCore.Api;

internal sealed record AgentRequest
{
    public string? Name { get; init; }

    public string? Model { get; init; }

    public string? Session { get; init; }

    public int? Iteration { get; init; }

    public string? PromptDigest { get; init; }
}
