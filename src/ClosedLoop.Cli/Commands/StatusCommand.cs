using System.CommandLine;
using System.Globalization;
using ClosedLoop.AspNetCore.Api;
using ClosedLoop.Cli.Reading;
using ClosedLoop.Cli.Showing;
using ClosedLoop.Cli.Targets;
using Spectre.Console;

namespace ClosedLoop.Cli.Commands;

/// <summary><c>closedloop status</c>: the board in numbers.</summary>
internal static class StatusCommand
{
    private const int MaxFound = 50;

    public static Command Create(CommandKit kit)
    {
        var json = CommandKit.JsonOption("Prints one JSON object and nothing else");
        var find = new Option<string?>("--find") { Description = $"Lists the items whose id, title or repository contains this, at most {MaxFound}, newest change first.", HelpName = "TEXT" };
        var command = new Command("status", "Shows where all items stand: how many are at each gate, done, overdue, abandoned, and what holds them up.") { find, json };
        return kit.Reads(command, async (reader, target, parsed, cancellationToken) =>
        {
            var board = await reader.BoardAsync(cancellationToken).ConfigureAwait(false);
            var incidents = await reader.IncidentsAsync(cancellationToken).ConfigureAwait(false);
            var found = parsed.GetValue(find) is { Length: > 0 } text ? (await reader.ListAsync(new ItemFilter { Text = text }, null, MaxFound, cancellationToken).ConfigureAwait(false)).Items : null;
            if (parsed.GetValue(json)) kit.WriteJson(new StatusBody(board.Pipelines, incidents, found), CliJson.Default.StatusBody);
            else Show(kit, target, board, incidents, found);
            return ExitCodes.Done;
        });
    }

    private static void Show(CommandKit kit, Target target, BoardBody board, IReadOnlyList<IncidentLine>? incidents, IReadOnlyList<ItemBody>? found)
    {
        var screen = Screen.Of(kit.Environment);
        var now = kit.Environment.Time.GetUtcNow();
        screen.MarkupLine($"[grey]{Plain.Markup(target.ToString(), 300)}{(target.Store is null ? "" : $"; gates: {Plain.Markup(target.PipelineOrigin, 200)}")}[/]");
        foreach (var pipeline in board.Pipelines)
        {
            screen.MarkupLine($"[bold]{Plain.Markup(pipeline.Name, 60)}[/]: {N(pipeline.Total)} items, [green]{N(pipeline.Done)} done[/] ({Plain.Markup(pipeline.DoneDefinition ?? "unknown definition", 60)}), {N(pipeline.Open)} open, {(pipeline.Overdue > 0 ? $"[red]{N(pipeline.Overdue)} overdue[/]" : "none overdue")}, {N(pipeline.Abandoned)} abandoned");
            if (pipeline.Total == 0) continue;
            var table = Screen.Table("gate", "waiting", "overdue", "passed");
            foreach (int column in (ReadOnlySpan<int>)[1, 2, 3]) table.Columns[column].RightAligned();
            foreach (var gate in pipeline.Gates)
                table.AddRow($"{Plain.Markup(gate.Gate, 60)}{(pipeline.DoneGates.Contains(gate.Gate, StringComparer.Ordinal) ? " [grey]*[/]" : "")}", N(gate.Waiting), gate.Overdue > 0 ? $"[red]{N(gate.Overdue)}[/]" : "0", N(gate.Passed));
            screen.Write(table);
        }
        if (board.Pipelines.Any(static p => p.Total > 0)) screen.MarkupLine("[grey]* needed for done; passed: with all gates before it[/]");
        foreach (var incident in incidents ?? []) IncidentLines.Write(screen, incident, now);
        if (found is null) return;
        screen.MarkupLine($"[bold]{N(found.Count)} found[/]");
        foreach (var item in found) ItemLines.Write(screen, item);
    }

    private static string N(int? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "-";
}
