using System.Globalization;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Storage;
using ClosedLoop.Testing.Sandbox;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ClosedLoop.Samples.Watcher.Sandbox;

/// <summary>The board in the terminal: where items are, what is stuck, and how honest the record is.</summary>
internal static class LiveBoard
{
    private const int BarWidth = 14;
    private const int MostIncidents = 5;

    public static async Task<IRenderable> DrawAsync(ILoopQueries queries, IIncidents incidents, TruthReport report, SandboxRun run, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        var rows = await queries.CountAsync(cancellationToken);
        int items = rows.Sum(static r => r.Items);
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn(new TableColumn("gate").NoWrap());
        table.AddColumn(new TableColumn("reached").RightAligned());
        table.AddColumn(new TableColumn("").NoWrap());
        table.AddColumn(new TableColumn("missing").RightAligned());
        table.AddColumn(new TableColumn("overdue").RightAligned());
        table.AddColumn(new TableColumn("writer").NoWrap());
        var gates = queries.Pipelines[0].Gates;
        for (int i = 0; i < gates.Length; i++)
        {
            int position = i;
            int reached = rows.Where(r => Index(r.FurthestGate) >= position).Sum(static r => r.Items);
            int waiting = rows.Where(r => !r.IsAbandoned && Index(r.CurrentGate) == position - 1).Sum(static r => r.Items);
            int overdue = rows.Where(r => r.WaitingOn == gates[position].Name).Sum(static r => r.Overdue);
            table.AddRow(
                new Markup(gates[i].Name),
                new Markup(Number(reached)),
                new Markup(Bar(reached, items)),
                new Markup(waiting == 0 ? "[grey]0[/]" : $"[yellow]{Number(waiting)}[/]"),
                new Markup(overdue == 0 ? "[grey]0[/]" : $"[red]{Number(overdue)}[/]"),
                new Markup($"[grey]{string.Join(", ", gates[i].Writers)}[/]"));
        }
        var known = await incidents.ListAsync(openOnly: false, cancellationToken);
        int done = rows.Where(static r => r.IsDone).Sum(static r => r.Items);
        int abandoned = rows.Where(static r => r.IsAbandoned).Sum(static r => r.Items);
        var deliveries = run.Sandbox.Deliveries;
        var world = run.Sandbox.Statistics;
        return new Rows(
            new Markup($"[bold]ClosedLoop[/]  {Number(items)} items, [green]{Number(done)} done[/] (merged and main green), {Number(abandoned)} abandoned  [grey]{elapsed:mm\\:ss}[/]"),
            table,
            new Markup($"over-claim [bold]{Milliseconds(report.OverclaimMs)}[/]  staleness p50 {Milliseconds(report.StalenessP50Ms)}, p99 {Milliseconds(report.StalenessP99Ms)}  behind {report.Lost}  {(report.EqualToTruth ? "[green]equals the truth[/]" : "[grey]follows the truth[/]")}"),
            new Markup($"[grey]{Number(deliveries.Raised)} webhooks: {Number(deliveries.Dropped)} dropped, {Number(deliveries.Duplicated)} doubled, {Number(deliveries.Delayed)} held back; {Number(run.Duplicates.Count)} duplicates ignored[/]"),
            new Markup($"[grey]{Number(world.Builds)} builds, {Number(world.Cancelled)} given up, {Number(world.Coalesced)} commits without a build of their own[/]"),
            new Markup($"[grey]went back: {Number(world.Regressed)}; rollbacks {Number(world.Rollbacks)}, reverts {Number(world.Reverts)}, force-pushes {Number(world.ForcePushes)}[/]"),
            Incidents(known),
            new Markup($"dashboard [link]{run.Dashboard}[/]  [grey]API {run.Address}api/board[/]"));

        int Index(string? gate)
        {
            if (gate is null) return -1;
            for (int i = 0; i < gates.Length; i++)
                if (gates[i].Name == gate)
                    return i;
            return -1;
        }
    }

    // One line for each cause, however many items it holds up.
    private static Rows Incidents(IReadOnlyList<Incident> known)
    {
        var open = known.Where(static i => i.IsOpen).ToList();
        var lines = new List<IRenderable> { new Markup(open.Count == 0 ? $"[grey]incidents: none open, {Number(known.Count)} resolved[/]" : $"incidents: [red]{Number(open.Count)} open[/], {Number(known.Count - open.Count)} resolved") };
        lines.AddRange(open.Take(MostIncidents).Select(static i => new Markup($"  [red]{Markup.Escape(i.Title)}[/] [grey]since {i.Since:HH:mm:ss}, {Number(i.Count)} items, {i.Severity.ToString().ToLowerInvariant()}[/]")));
        return new Rows(lines);
    }

    private static string Bar(int part, int whole)
    {
        int filled = whole == 0 ? 0 : (int)Math.Round(BarWidth * (double)part / whole);
        return $"[green]{new string('█', filled)}[/][grey]{new string('░', BarWidth - filled)}[/]";
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Milliseconds(double value) => value < 1000 ? $"{value:0} ms" : $"{value / 1000:0.0} s";
}
