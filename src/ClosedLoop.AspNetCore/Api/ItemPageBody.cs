namespace ClosedLoop.AspNetCore.Api;

internal sealed record ItemPageBody(IReadOnlyList<ItemBody> Items, string? NextCursor);
