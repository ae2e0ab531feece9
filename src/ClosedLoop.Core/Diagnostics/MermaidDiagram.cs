using System.Globalization;
using System.Text;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Diagnostics;

/// <summary>Draws a pipeline, or one item's way through it, as a Mermaid flowchart.</summary>
public static class MermaidDiagram
{
    /// <summary>Draws a pipeline: gates in order with their writers and limits; gates of the DONE definition have a double border.</summary>
    public static string Of(PipelineDefinition pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var text = new StringBuilder("flowchart LR\n");
        for (int i = 0; i < pipeline.Gates.Length; i++)
        {
            var gate = pipeline.Gates[i];
            string label = $"{gate.Name}<br/>{string.Join(", ", gate.Writers.OrEmpty())}";
            if (gate.FinishWithin is { } limit) label += $"<br/>within {Explanation.Span(limit + gate.Buffer)}";
            AppendGate(text, pipeline, i, label);
        }
        AppendArrows(text, pipeline.Gates.Length);
        return text.ToString();
    }

    /// <summary>Draws one item: each gate with its status, reason and writer, coloured by status.</summary>
    public static string Of(PipelineDefinition pipeline, ItemState item)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(item);
        var text = new StringBuilder("flowchart LR\n");
        for (int i = 0; i < pipeline.Gates.Length; i++)
        {
            var view = item.Gate(pipeline.Gates[i].Name);
            var status = view?.Status ?? GateStatus.Waiting;
            string label = $"{pipeline.Gates[i].Name}<br/>{status}";
            if (view is not null && view.Reason != Reason.None) label += $" ({view.Reason})";
            if (view?.Writer is { } writer) label += $"<br/>{writer}";
            AppendGate(text, pipeline, i, label, status.ToString().ToLowerInvariant());
        }
        AppendArrows(text, pipeline.Gates.Length);
        text.Append("  classDef waiting fill:#eee,stroke:#999\n  classDef running fill:#cfe3ff,stroke:#36c\n  classDef passed fill:#cfc,stroke:#393\n");
        text.Append("  classDef failed fill:#fcc,stroke:#c33\n  classDef notapplicable fill:#fff,stroke:#999,stroke-dasharray:4\n");
        return text.ToString();
    }

    private static void AppendGate(StringBuilder text, PipelineDefinition pipeline, int index, string label, string? style = null)
    {
        bool required = pipeline.Done.Gates.Contains(pipeline.Gates[index].Name);
        (string open, string close) = required ? ("[[", "]]") : ("[", "]");
        text.Append(CultureInfo.InvariantCulture, $"  g{index}{open}\"{Escape(label)}\"{close}");
        if (style is not null) text.Append(CultureInfo.InvariantCulture, $":::{style}");
        text.Append('\n');
    }

    private static void AppendArrows(StringBuilder text, int count)
    {
        for (int i = 1; i < count; i++) text.Append(CultureInfo.InvariantCulture, $"  g{i - 1} --> g{i}\n");
    }

    // Only the line break of our own is markup; a quote or bracket from a name would end the label.
    private static string Escape(string label) =>
        label.Replace("&", "#amp;", StringComparison.Ordinal).Replace("\"", "#quot;", StringComparison.Ordinal)
            .Replace("<br/>", "\u0001", StringComparison.Ordinal).Replace("<", "#lt;", StringComparison.Ordinal).Replace(">", "#gt;", StringComparison.Ordinal)
            .Replace("\u0001", "<br/>", StringComparison.Ordinal);
}
