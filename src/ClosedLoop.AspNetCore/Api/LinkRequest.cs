namespace ClosedLoop.AspNetCore.Api;

internal sealed record LinkRequest
{
    public IReadOnlyList<string?>? Keys { get; init; }
}
