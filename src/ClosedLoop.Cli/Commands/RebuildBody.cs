namespace ClosedLoop.Cli.Commands;

/// <summary>What a rebuild went through and changed.</summary>
internal sealed record RebuildBody(int Facts, int Items, int ChangedItems);
