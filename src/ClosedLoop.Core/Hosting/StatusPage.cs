namespace ClosedLoop.Hosting;

/// <summary>A page of items as they are now.</summary>
/// <param name="Items">The items, in the query's order.</param>
/// <param name="NextCursor">The cursor of the next page; null when this is the last.</param>
public sealed record StatusPage(IReadOnlyList<LoopStatus> Items, string? NextCursor);
