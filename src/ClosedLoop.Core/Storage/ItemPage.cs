namespace ClosedLoop.Storage;

/// <summary>A page of items.</summary>
/// <param name="Items">The items, in the query's order.</param>
/// <param name="NextCursor">The cursor of the next page; null when this is the last.</param>
public sealed record ItemPage(IReadOnlyList<ItemRecord> Items, string? NextCursor);
