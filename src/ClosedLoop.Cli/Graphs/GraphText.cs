using System.Globalization;
using System.Text;
using ClosedLoop.Cli.Commands;
using ClosedLoop.Cli.Showing;

namespace ClosedLoop.Cli.Graphs;

/// <summary>Writes a drawing as Mermaid or DOT. Nothing that a name holds becomes part of the drawing's own syntax. Pure.</summary>
internal static class GraphText
{
    private const int MaxLabel = 80;

    private static readonly (string Status, string Fill, string Stroke)[] Styles =
        [("waiting", "#eee", "#999"), ("running", "#cfe3ff", "#36c"), ("passed", "#cfc", "#393"), ("failed", "#fcc", "#c33"), ("notApplicable", "#fff", "#999")];

    public static string Of(GraphBody graph, GraphFormat format) => format == GraphFormat.Dot ? Dot(graph) : Mermaid(graph);

    private static string Mermaid(GraphBody graph)
    {
        var text = new StringBuilder("flowchart LR\n");
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            (string open, string close) = node.Required ? ("[[", "]]") : ("[", "]");
            text.Append(CultureInfo.InvariantCulture, $"  g{i}{open}\"{string.Join("<br/>", Lines(node).Select(MermaidEscape))}\"{close}");
            if (node.Status is { } status) text.Append(CultureInfo.InvariantCulture, $":::{StyleOf(status).Status}");
            text.Append('\n');
        }
        for (int i = 1; i < graph.Nodes.Count; i++) text.Append(CultureInfo.InvariantCulture, $"  g{i - 1} --> g{i}\n");
        if (graph.Nodes.Any(static n => n.Status is not null))
            foreach (var (status, fill, stroke) in Styles) text.Append(CultureInfo.InvariantCulture, $"  classDef {status} fill:{fill},stroke:{stroke}\n");
        return text.ToString();
    }

    private static string Dot(GraphBody graph)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"digraph \"{DotEscape(Plain.Line(graph.Name, MaxLabel))}\" {{\n  rankdir=LR;\n  node [shape=box, style=filled, fillcolor=\"#fff\"];\n");
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            text.Append(CultureInfo.InvariantCulture, $"  g{i} [label=\"{string.Join("\\n", Lines(node).Select(DotEscape))}\"");
            if (node.Required) text.Append(", peripheries=2");
            if (node.Status is { } status) text.Append(CultureInfo.InvariantCulture, $", fillcolor=\"{StyleOf(status).Fill}\", color=\"{StyleOf(status).Stroke}\"");
            text.Append("];\n");
        }
        for (int i = 1; i < graph.Nodes.Count; i++) text.Append(CultureInfo.InvariantCulture, $"  g{i - 1} -> g{i};\n");
        return text.Append("}\n").ToString();
    }

    private static IEnumerable<string> Lines(GraphNode node)
    {
        yield return Plain.Line(node.Gate, MaxLabel);
        if (node.Status is not null) yield return Plain.Line(node.Reason is null or "none" ? node.Status : $"{node.Status} ({node.Reason})", MaxLabel);
        if (node.Writer is not null) yield return Plain.Line(node.Writer, MaxLabel);
        if (node.Status is null && !string.IsNullOrEmpty(node.Description)) yield return Plain.Line(node.Description, MaxLabel);
    }

    private static (string Status, string Fill, string Stroke) StyleOf(string status) => Array.Find(Styles, s => s.Status == status) is { Status: not null } style ? style : Styles[0];

    private static string MermaidEscape(string text) => text.Replace("&", "#amp;", StringComparison.Ordinal).Replace("\"", "#quot;", StringComparison.Ordinal)
        .Replace("<", "#lt;", StringComparison.Ordinal).Replace(">", "#gt;", StringComparison.Ordinal).Replace("`", "'", StringComparison.Ordinal);

    private static string DotEscape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
