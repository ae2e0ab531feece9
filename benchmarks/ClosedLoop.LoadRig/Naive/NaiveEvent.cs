namespace ClosedLoop.LoadRig.Naive;

/// <summary>An event as the watcher wants it: somebody else has found the item.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Gate">The gate, 0 to 6.</param>
/// <param name="At">When it was passed, in ticks.</param>
internal sealed record NaiveEvent(string Item, int Gate, long At);
