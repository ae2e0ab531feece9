using System.CommandLine;
using ClosedLoop.AspNetCore.Api;
using ClosedLoop.Cli.Commands;
using ClosedLoop.Cli.Judging;
using ClosedLoop.Cli.Reading;
using ClosedLoop.Cli.Showing;
using ClosedLoop.Cli.Targets;

namespace ClosedLoop.Cli.Graphs;

/// <summary><c>closedloop graph</c>: a pipeline or an item's way through it, as a drawing.</summary>
internal static class GraphCommand
{
    public static Command Create(CommandKit kit)
    {
        var item = kit.ItemArgument(ArgumentArity.ZeroOrOne);
        item.Description = "The item to draw; a pipeline when left out.";
        var pipeline = new Option<string?>("--pipeline") { Description = "The pipeline to draw; the first one when left out.", HelpName = "NAME" };
        var format = new Option<GraphFormat>("--format") { Description = "mermaid (the default) or dot (Graphviz).", HelpName = "mermaid|dot", DefaultValueFactory = static _ => GraphFormat.Mermaid, CustomParser = static r =>
        {
            string text = r.Tokens is [var token] ? token.Value : "";
            if (Enum.TryParse<GraphFormat>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && char.IsLetter(text[0])) return value;
            r.AddError($"--format '{text}' is not written; use mermaid or dot.");
            return GraphFormat.Mermaid;
        } };
        format.CompletionSources.Add("mermaid", "dot");
        var json = CommandKit.JsonOption("Prints nodes and edges as one JSON object and nothing else");
        var command = new Command("graph", "Draws a pipeline, or an item's way through it, as Mermaid or DOT. Gates that DONE needs have a double border.") { item, pipeline, format, json };
        return kit.Reads(command, async (reader, target, parsed, cancellationToken) =>
        {
            var board = await reader.BoardAsync(cancellationToken).ConfigureAwait(false);
            var graph = parsed.GetValue(item) is { } id
                ? await OfItemAsync(reader, id, target, board, cancellationToken).ConfigureAwait(false)
                : OfPipeline(board, parsed.GetValue(pipeline));
            if (parsed.GetValue(json)) kit.WriteJson(graph, CliJson.Default.GraphBody);
            else await kit.Environment.Output.WriteAsync(GraphText.Of(graph, parsed.GetValue(format))).ConfigureAwait(false);
            return ExitCodes.Done;
        });
    }

    private static async ValueTask<GraphBody> OfItemAsync(IRecordReader reader, string id, Target target, BoardBody board, CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } item) throw new CommandFailure(await Inquiry.UnknownAsync(reader, id, target.ToString(), cancellationToken).ConfigureAwait(false));
        var needed = KnownDone.Find(item.DoneDefinition)?.Gates ?? [.. board.Pipelines.FirstOrDefault(p => p.Name == item.Pipeline)?.DoneGates ?? []];
        return GraphBody.Of(item.Id, [.. item.Gates.Select(g => new GraphNode(g.Name, needed.Contains(g.Name), g.Status, g.Reason, g.Writer, null))]);
    }

    private static GraphBody OfPipeline(BoardBody board, string? name)
    {
        var pipeline = name is null ? board.Pipelines is [var first, ..] ? first : null : board.Pipelines.FirstOrDefault(p => p.Name == name);
        return pipeline is null
            ? throw CommandFailure.Misuse($"There is no pipeline '{Plain.Line(name, 60)}'; there are {string.Join(", ", board.Pipelines.Select(static p => p.Name))}.")
            : GraphBody.Of(pipeline.Name, [.. pipeline.Gates.Select(g => new GraphNode(g.Gate, pipeline.DoneGates.Contains(g.Gate, StringComparer.Ordinal), null, null, null, g.Description))]);
    }
}
