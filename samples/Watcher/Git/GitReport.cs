using System.Globalization;
using ClosedLoop.Migration;
using Spectre.Console;

namespace ClosedLoop.Samples.Watcher.Git;

/// <summary>Shows a history to people: throughput against the line of 1,000 landings a week, lead times, and the board.</summary>
internal static class GitReport
{
    private const int WeeksShown = 12;
    private const int BarWidth = 24;

    public static void Show(IAnsiConsole console, GitResult result)
    {
        var (history, throughput, board, elapsed) = result;
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{history.Repository}[/] {history.Branch ?? "detached HEAD"}: {throughput.Landings:N0} landings of {history.FirstParentCount:N0}, {history.CommitCount:N0} commits");
        if (history.IsShallow) console.MarkupLine("[yellow]A shallow clone: the history begins at its boundary, and lead times near it are too short. 'git fetch --unshallow' gets the rest.[/]");
        if (throughput.Landings == 0)
        {
            console.WriteLine(history.Head is null ? "The repository has no commits yet." : "No landing in that time; leave --since out to see all.");
            return;
        }
        console.Write(Weeks(throughput));
        console.Write(Summary(throughput));
        console.Write(Board(board));
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[grey]A history shows merges only: later gates have no evidence, so they wait. {elapsed.TotalSeconds:F1} s[/]");
    }

    /// <summary>A bar on a scale that always holds the line, which is drawn as <c>|</c>.</summary>
    public static string Bar(int landings, int scale)
    {
        scale = Math.Max(scale, GitThroughput.WeeklyLine);
        int filled = landings == 0 ? 0 : Math.Max(1, (int)Math.Round((double)landings * BarWidth / scale));
        int line = (int)Math.Round((double)GitThroughput.WeeklyLine * BarWidth / scale);
        char[] bar = new string(' ', BarWidth + 1).ToCharArray();
        Array.Fill(bar, '█', 0, Math.Min(filled, BarWidth));
        bar[line] = '|';
        return new string(bar).TrimEnd();
    }

    private static Table Weeks(GitThroughput throughput)
    {
        var shown = throughput.Weeks.Skip(Math.Max(0, throughput.Weeks.Count - WeeksShown)).ToList();
        int scale = shown.Max(static w => w.Landings);
        var table = new Table().Border(TableBorder.Simple).Title($"Landings per week, last {shown.Count} of {throughput.Weeks.Count.ToString("N0", CultureInfo.InvariantCulture)} weeks ( | = 1,000 )");
        table.AddColumn(new TableColumn("Week").NoWrap());
        foreach (string name in (ReadOnlySpan<string>)["All", "Merge", "Squash", "Direct"]) table.AddColumn(new TableColumn(name).RightAligned().NoWrap());
        table.AddColumn(new TableColumn("").NoWrap());
        foreach (var week in shown)
        {
            string color = week.Landings > GitThroughput.WeeklyLine ? "red" : "green";
            table.AddRow(week.ToString(), N(week.Landings), N(week.Merges), N(week.Squashes), N(week.Directs), $"[{color}]{Markup.Escape(Bar(week.Landings, scale))}[/]");
        }
        return table;
    }

    private static Grid Summary(GitThroughput t)
    {
        var grid = new Grid().AddColumn().AddColumn();
        grid.AddRow("Kinds", $"{N(t.Merges)} merge, {N(t.Squashes)} squash, {N(t.Directs)} direct");
        grid.AddRow("Per week", string.Create(CultureInfo.InvariantCulture, $"median {t.PerWeekMedian:N1}, busiest {t.PerWeekMax:N0} in {t.BusiestWeek}, {t.WeeksOverLine:N0} of {t.Weeks.Count:N0} weeks over 1,000"));
        string clocks = t.NegativeLeadTimes == 0 ? "" : $" ({N(t.NegativeLeadTimes)} with contradicting clocks left out)";
        grid.AddRow("Lead time", t.LeadTimeP50Hours is { } p50 && t.LeadTimeP90Hours is { } p90 ? $"p50 {Span(p50)}, p90 {Span(p90)}, first authored commit to landing{clocks}" : $"none{clocks}");
        return grid;
    }

    private static Table Board(GitBoard board)
    {
        var table = new Table().Border(TableBorder.Simple).Title($"Board: {N(board.Items)} items recovered, {N(board.Done)} done");
        table.AddColumn(new TableColumn("Gate").NoWrap());
        foreach (string name in (ReadOnlySpan<string>)["Passed", "Gone past unseen", "Waiting", "Furthest gate"]) table.AddColumn(new TableColumn(name).RightAligned().NoWrap());
        foreach (var row in board.Rows) table.AddRow(row.Gate, N(row.Passed), N(row.Unseen), N(row.Waiting), N(row.Furthest));
        return table;
    }

    private static string N(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Span(double hours) => hours >= 48
        ? string.Create(CultureInfo.InvariantCulture, $"{hours / 24:N1} days")
        : string.Create(CultureInfo.InvariantCulture, $"{hours:N1} hours");
}
