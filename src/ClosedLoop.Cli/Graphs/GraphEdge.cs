namespace ClosedLoop.Cli.Graphs;

/// <summary>One gate comes after another.</summary>
internal sealed record GraphEdge(string From, string To);
