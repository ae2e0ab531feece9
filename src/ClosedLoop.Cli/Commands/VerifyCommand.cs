using System.CommandLine;
using System.Globalization;
using ClosedLoop.Cli.Reading;
using ClosedLoop.Cli.Showing;
using ClosedLoop.Cli.Verifying;
using Spectre.Console;

namespace ClosedLoop.Cli.Commands;

/// <summary><c>closedloop verify</c>: does the record say what its facts say?</summary>
internal static class VerifyCommand
{
    private const string Description = """
        Checks a store's record against its own facts, without changing anything: folds every fact again in memory and compares each item byte for byte; each open item must have a look planned.

        Takes memory in proportion to the record. Exit codes: 0 sound; 1 something is wrong (or it could not be read).
        """;

    public static Command Create(CommandKit kit)
    {
        var json = CommandKit.JsonOption("Prints one JSON object and nothing else");
        var command = new Command("verify", Description) { json };
        return kit.Does(command, async (target, parsed, cancellationToken) =>
        {
            target.RequireStore("verify");
            var open = await OpenStore.ForReadingAsync(target, kit.Environment, cancellationToken).ConfigureAwait(false);
            await using (open.ConfigureAwait(false))
            {
                var report = await new RecordCheck(open.Store, target, kit.Environment.Time).RunAsync(kit.Environment, cancellationToken).ConfigureAwait(false);
                if (parsed.GetValue(json)) kit.WriteJson(report, CliJson.Default.VerifyReport);
                else Show(kit, report, target.PipelineOrigin);
                return report.Sound ? ExitCodes.Done : ExitCodes.Failed;
            }
        });
    }

    private static void Show(CommandKit kit, VerifyReport report, string origin)
    {
        var screen = Screen.Of(kit.Environment);
        string compared = string.Create(CultureInfo.InvariantCulture, $"{report.Facts:N0} facts folded again, {report.Items:N0} items compared{(report.Moving == 0 ? "" : $", {report.Moving:N0} of them changed meanwhile and were left out")}");
        if (report.OtherRules) screen.MarkupLine($"[yellow]The record follows other rules than {Plain.Markup(origin, 200)}: items may differ for that alone. Give --config FILE.[/]");
        if (report.Unfinished) screen.MarkupLine("[red]A rebuild was cut off; it begins again when a service starts, or with 'closedloop rebuild'.[/]");
        List("says something else than its facts; 'closedloop rebuild' puts it right", report.Different);
        List("is in the record or in its facts, not in both; 'closedloop rebuild' puts it right", report.Missing);
        if (report.Polled) List("is open and nothing is due for it; a running service finds it within a minute", report.Unwatched);
        else if (report.Unwatched.Count > 0) screen.MarkupLine("[yellow]No source is polled: open items are told of by webhooks and calls alone, and a lost one is never repaired.[/]");
        screen.MarkupLine(report.Sound ? $"[green]sound[/]: {compared}" : $"[red]not sound[/]: {compared}");

        void List(string what, IReadOnlyList<string> items)
        {
            foreach (string item in items) screen.MarkupLine($"[red]{Plain.Markup(item, 300)}[/] {what}");
        }
    }
}
