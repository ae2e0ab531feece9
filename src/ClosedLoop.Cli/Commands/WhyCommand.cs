using System.CommandLine;
using ClosedLoop.Cli.Judging;
using ClosedLoop.Cli.Showing;
using Spectre.Console;

namespace ClosedLoop.Cli.Commands;

/// <summary><c>closedloop why ITEM</c>: the question that all of this is about.</summary>
internal static class WhyCommand
{
    private const string Description = """
        Says why an item is not done: which gate holds it up, since when, who says so, and what would release it.

        Exit codes, for scripts; the first that fits counts:
          0  done: every gate of its DONE definition holds
          6  abandoned: all its changes were closed without being merged
          5  regressed: a gate that it needs had passed and no longer holds
          4  overdue: not done, and a limit of it has run out
          3  waiting: not done, nothing late, nothing went back
          1  it cannot be said (unknown item, no record); 2  the command line is wrong
        """;

    public static Command Create(CommandKit kit)
    {
        var item = kit.ItemArgument();
        var json = CommandKit.JsonOption("Prints one JSON object and nothing else");
        var command = new Command("why", Description) { item, json };
        return kit.Reads(command, async (reader, target, parsed, cancellationToken) =>
        {
            string id = parsed.GetRequiredValue(item);
            if (await Inquiry.FindAsync(reader, id, cancellationToken).ConfigureAwait(false) is not { } inquiry) throw new CommandFailure(await Inquiry.UnknownAsync(reader, id, target.ToString(), cancellationToken).ConfigureAwait(false));
            if (parsed.GetValue(json)) kit.WriteJson(WhyBody.Of(inquiry), CliJson.Default.WhyBody);
            else Show(kit, inquiry);
            return (int)inquiry.Judgement.Verdict;
        });
    }

    private static void Show(CommandKit kit, Inquiry inquiry)
    {
        var (item, judgement) = inquiry;
        var screen = Screen.Of(kit.Environment);
        string verdict = judgement.Verdict.ToString().ToLowerInvariant();
        string colour = judgement.Verdict switch { Verdict.Done => "green", Verdict.Waiting => "yellow", Verdict.Abandoned => "grey", _ => "red" };
        screen.MarkupLine($"[bold]{Plain.Markup(item.Id, 120)}[/]{(item.Title is null ? "" : $"  {Plain.Markup(item.Title, 100)}")}");
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        grid.AddRow("verdict", $"[{colour}]{verdict}[/]{Note(inquiry)}");
        grid.AddRow("why", Plain.Markup(item.Why, 1_000));
        if (judgement.Verdict != Verdict.Done) grid.AddRow("release", Plain.Markup(judgement.Release, 600));
        if (judgement.Gate?.Evidence is { } evidence) grid.AddRow("evidence", Plain.Markup(evidence.Url ?? evidence.Label, 300));
        screen.Write(grid);
    }

    private static string Note(Inquiry inquiry)
    {
        var (item, judgement) = inquiry;
        var notes = new List<string>();
        if (judgement.Gate is { } gate) notes.Add($"at {gate.Name}");
        if (judgement.WentBack.Count > 0) notes.Add($"had passed before: {string.Join(", ", judgement.WentBack)}");
        if (judgement.Verdict != Verdict.Done && item.OverdueGates.Count > 0) notes.Add($"overdue: {string.Join(", ", item.OverdueGates)}");
        return notes.Count == 0 ? "" : $" ({Plain.Markup(string.Join("; ", notes), 300)})";
    }
}
