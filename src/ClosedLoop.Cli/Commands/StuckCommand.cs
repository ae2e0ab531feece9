using System.CommandLine;
using System.Globalization;
using ClosedLoop.Cli.Reading;
using ClosedLoop.Cli.Showing;
using Spectre.Console;

namespace ClosedLoop.Cli.Commands;

/// <summary><c>closedloop stuck</c>: what does not move by itself, by cause and by item.</summary>
internal static class StuckCommand
{
    /// <summary>The most open items that are looked at.</summary>
    public const int MaxScanned = 100_000;

    private const int DefaultLimit = 20;
    private const int MaxLimit = 10_000;

    private const string Description = """
        Lists what is stuck: items that are overdue, whose gate failed, went back, waits for a person or cannot be seen; the oldest first, after the incidents that explain them.

        Exit codes: 0 nothing is stuck; 4 something is.
        """;

    /// <summary>The stuck items of a record, the oldest first.</summary>
    public static async ValueTask<(IReadOnlyList<StuckItem> Items, int Total, bool IsComplete)> FindAsync(IRecordReader reader, int limit, CancellationToken cancellationToken)
    {
        var oldest = new PriorityQueue<StuckItem, long>();
        int total = 0, scanned = 0;
        await foreach (var item in reader.ItemsAsync(new ItemFilter { IsDone = false }, cancellationToken).ConfigureAwait(false))
        {
            if (++scanned > MaxScanned) break;
            if (StuckItem.Of(item) is not { } stuck) continue;
            total++;
            // The youngest first, so that it is the one to drop.
            oldest.Enqueue(stuck, -(stuck.Since ?? DateTimeOffset.MinValue).UtcTicks);
            if (oldest.Count > limit) oldest.Dequeue();
        }
        var items = new List<StuckItem>(oldest.Count);
        while (oldest.TryDequeue(out var stuck, out _)) items.Add(stuck);
        return ([.. items.OrderBy(static s => s.Since ?? DateTimeOffset.MinValue).ThenBy(static s => s.Id, StringComparer.Ordinal)], total, scanned <= MaxScanned);
    }

    public static Command Create(CommandKit kit)
    {
        var json = CommandKit.JsonOption("Prints one JSON object and nothing else");
        var limit = new Option<int>("--limit") { Description = $"How many items to list, 1 to {MaxLimit}.", DefaultValueFactory = _ => DefaultLimit, HelpName = "N" };
        limit.Validators.Add(static r =>
        {
            if (r.GetValueOrDefault<int>() is < 1 or > MaxLimit) r.AddError($"--limit must be 1 to {MaxLimit}.");
        });
        var command = new Command("stuck", Description) { limit, json };
        return kit.Reads(command, async (reader, target, parsed, cancellationToken) =>
        {
            var incidents = await reader.IncidentsAsync(cancellationToken).ConfigureAwait(false);
            var (items, total, isComplete) = await FindAsync(reader, parsed.GetValue(limit), cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json)) kit.WriteJson(new StuckBody(incidents, items, total, isComplete), CliJson.Default.StuckBody);
            else Show(kit, incidents ?? [], items, total, isComplete);
            return total > 0 || incidents is { Count: > 0 } ? ExitCodes.Overdue : ExitCodes.Done;
        });
    }

    private static void Show(CommandKit kit, IReadOnlyList<IncidentLine> incidents, IReadOnlyList<StuckItem> items, int total, bool isComplete)
    {
        var screen = Screen.Of(kit.Environment);
        var now = kit.Environment.Time.GetUtcNow();
        foreach (var incident in incidents) IncidentLines.Write(screen, incident, now);
        if (total == 0)
        {
            screen.MarkupLine(isComplete ? "[green]No item is stuck.[/]" : $"No item is stuck among the first {MaxScanned.ToString("N0", CultureInfo.InvariantCulture)} open ones.");
            return;
        }
        var table = Screen.Table("item", "cause", "gate", "since", "why");
        foreach (var item in items)
            table.AddRow(Plain.Markup(item.Id, 60), $"[red]{Plain.Markup(item.Cause, 20)}[/]", Plain.Markup(item.Gate, 40), Plain.Instant(item.Since, now), Plain.Markup(item.Why, 300));
        screen.Write(table);
        if (total > items.Count) screen.MarkupLine($"[grey]and {(total - items.Count).ToString("N0", CultureInfo.InvariantCulture)} more; --limit shows them[/]");
    }
}
