namespace ClosedLoop.LoadRig.Ingest;

/// <summary>What one commit changes of the board's tables.</summary>
/// <param name="Spots">How many more or fewer stand at places.</param>
/// <param name="Facets">How many more or fewer open items have a repository (0), an agent (1), a priority (2).</param>
/// <param name="Open">Rows of open items that are new or differ.</param>
/// <param name="Texts">Texts of open items that are new or differ.</param>
/// <param name="Closed">Items that are open no more.</param>
internal sealed record BoardDelta(
    IReadOnlyList<(long Number, BoardSpot Spot, long More)> Spots,
    IReadOnlyList<(long Kind, string Name, long More)> Facets,
    IReadOnlyList<(string Id, OpenRow Row)> Open,
    IReadOnlyList<(string Id, string Text)> Texts,
    IReadOnlyList<string> Closed);
