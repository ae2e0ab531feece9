using System.CommandLine;
using System.Globalization;
using ClosedLoop.AspNetCore.Api;
using ClosedLoop.Cli.Judging;
using ClosedLoop.Cli.Reading;
using ClosedLoop.Cli.Showing;
using Spectre.Console;

namespace ClosedLoop.Cli.Commands;

/// <summary><c>closedloop show ITEM</c>: its gates, its changes and its last transitions.</summary>
internal static class ShowCommand
{
    private const int DefaultTransitions = 10;
    private const int MaxTransitions = 10_000;

    public static Command Create(CommandKit kit)
    {
        var item = kit.ItemArgument();
        var json = CommandKit.JsonOption("Prints one JSON object and nothing else");
        var last = new Option<int>("--last") { Description = $"How many of its last transitions to show, 0 to {MaxTransitions}.", DefaultValueFactory = _ => DefaultTransitions, HelpName = "N" };
        last.Validators.Add(static r =>
        {
            if (r.GetValueOrDefault<int>() is < 0 or > MaxTransitions) r.AddError($"--last must be 0 to {MaxTransitions}.");
        });
        var command = new Command("show", "Shows all that the record says of an item: its gates with who says so and since when, its changes, and its last transitions.") { item, last, json };
        return kit.Reads(command, async (reader, target, parsed, cancellationToken) =>
        {
            string id = parsed.GetRequiredValue(item);
            if (await Inquiry.FindAsync(reader, id, cancellationToken).ConfigureAwait(false) is not { } inquiry) throw new CommandFailure(await Inquiry.UnknownAsync(reader, id, target.ToString(), cancellationToken).ConfigureAwait(false));
            var transitions = await LastAsync(reader, id, parsed.GetValue(last), cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json)) kit.WriteJson(new ShowBody(inquiry.Item, inquiry.Judgement.Verdict, inquiry.Judgement.Release, transitions), CliJson.Default.ShowBody);
            else Show(kit, inquiry, transitions);
            return ExitCodes.Done;
        });
    }

    private static async ValueTask<IReadOnlyList<TransitionBody>> LastAsync(IRecordReader reader, string id, int count, CancellationToken cancellationToken)
    {
        var last = new Queue<TransitionBody>();
        if (count == 0) return [];
        await foreach (var transition in reader.LogAsync(id, 0, cancellationToken).ConfigureAwait(false))
        {
            last.Enqueue(transition);
            if (last.Count > count) last.Dequeue();
        }
        return [.. last];
    }

    private static void Show(CommandKit kit, Inquiry inquiry, IReadOnlyList<TransitionBody> transitions)
    {
        var (item, judgement) = inquiry;
        var now = kit.Environment.Time.GetUtcNow();
        var screen = Screen.Of(kit.Environment);
        screen.MarkupLine($"[bold]{Plain.Markup(item.Id, 120)}[/]{(item.Title is null ? "" : $"  {Plain.Markup(item.Title, 200)}")}");
        screen.MarkupLine(Plain.Markup(item.Why, 1_000));
        if (judgement.Verdict != Verdict.Done) screen.MarkupLine($"released by {Plain.Markup(judgement.Release, 600)}");
        screen.Write(About(item));
        var gates = Screen.Table("gate", "status", "reason", "since", "by", "detail");
        foreach (var gate in item.Gates)
        {
            string overdue = gate.Overdue ? " [red]overdue[/]" : "";
            gates.AddRow(Plain.Markup(gate.Name, 60), $"[{Screen.Colour(gate.Status)}]{Plain.Markup(gate.Status, 20)}[/]{overdue}", gate.Reason == "none" ? "" : Plain.Markup(gate.Reason, 30), Plain.Instant(gate.Since, now), Plain.Markup(gate.Writer, 60), Plain.Markup(gate.Detail, 120));
        }
        screen.Write(gates);
        TransitionLines.Write(screen, transitions, now, withItem: false);
    }

    private static Grid About(ItemBody item)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        Row("repository", item.Repository);
        Row("priority", item.Priority);
        Row("pipeline", string.Create(CultureInfo.InvariantCulture, $"{item.Pipeline}, done when {item.DoneDefinition}"));
        Row("agent", item.Provenance is null ? null : string.Join(", ", new[] { item.Provenance.Agent, item.Provenance.Model, item.Provenance.Session }.OfType<string>()));
        foreach (var change in item.Changes.Take(10)) Row("change", $"{change.Change}{(change.Abandoned ? " (closed)" : change.Landings.Count > 0 ? $" landed as {string.Join(", ", change.Landings.Take(3))}" : "")}");
        return grid;

        void Row(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) grid.AddRow(name, Plain.Markup(value, 300));
        }
    }
}
