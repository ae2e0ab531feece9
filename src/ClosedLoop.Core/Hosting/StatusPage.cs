namespace ClosedLoop.Hosting;

/// <summary>A page of items as they are now.</summary>
/// <param name="Items">The items, newest change first.</param>
/// <param name="NextCursor">The cursor of the next page; null when this is the last.</param>
public sealed record StatusPage(IReadOnlyList<LoopStatus> Items, string? NextCursor);
