using ClosedLoop.Cli.Graphs;

namespace ClosedLoop.Cli.Commands;

/// <summary>A pipeline, or an item's way through one, as nodes and the edges between them.</summary>
internal sealed record GraphBody(string Name, IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges)
{
    public static GraphBody Of(string name, IReadOnlyList<GraphNode> nodes) => new(name, nodes, [.. nodes.Zip(nodes.Skip(1), static (a, b) => new GraphEdge(a.Gate, b.Gate))]);
}
