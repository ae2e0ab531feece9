namespace ClosedLoop.Cli.Graphs;

/// <summary>How a drawing is written.</summary>
internal enum GraphFormat
{
    /// <summary>A Mermaid flowchart.</summary>
    Mermaid,

    /// <summary>Graphviz.</summary>
    Dot,
}
