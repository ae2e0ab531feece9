using ClosedLoop.Lines;

namespace ClosedLoop.AspNetCore.Api.Lines;

internal sealed record LineItemBody(string Id, string? Title, bool Done, string? WaitingOn, IReadOnlyList<LineReleaseBody> ReleasedBy)
{
    public static LineItemBody Of(LineItem item) => new(item.Id, item.Title, item.IsDone, item.WaitingOn, [.. item.ReleasedBy.Select(LineReleaseBody.Of)]);
}
