namespace ClosedLoop.Storage;

/// <summary>One repository, agent or priority, and how many open items have it.</summary>
/// <param name="Name">Its name, as the items have it.</param>
/// <param name="Items">How many.</param>
public sealed record FacetCount(string Name, int Items);
