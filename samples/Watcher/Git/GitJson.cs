using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClosedLoop.Samples.Watcher.Git;

/// <summary>The line that <c>--git PATH --json</c> prints. Scripts read it: names stay.</summary>
internal sealed record GitJson(
    string Repository,
    string? Branch,
    bool Shallow,
    int Commits,
    int Landings,
    GitJsonKinds ByKind,
    int Weeks,
    double PerWeekMedian,
    int PerWeekMax,
    string? BusiestWeek,
    [property: JsonPropertyName("weeks_over_1000")] int WeeksOver1000,
    double? LeadTimeP50H,
    double? LeadTimeP90H,
    int LeadTimesNegative,
    int Items,
    double Seconds)
{
    public static string Line(GitResult result)
    {
        var t = result.Throughput;
        var json = new GitJson(
            result.History.Repository, result.History.Branch, result.History.IsShallow, result.History.CommitCount,
            t.Landings, new GitJsonKinds(t.Merges, t.Squashes, t.Directs), t.Weeks.Count, t.PerWeekMedian, t.PerWeekMax, t.BusiestWeek?.ToString(), t.WeeksOverLine,
            Rounded(t.LeadTimeP50Hours), Rounded(t.LeadTimeP90Hours), t.NegativeLeadTimes, result.Board.Items, Math.Round(result.Elapsed.TotalSeconds, 2));
        return JsonSerializer.Serialize(json, GitJsonContext.Default.GitJson);
    }

    private static double? Rounded(double? hours) => hours is { } value ? Math.Round(value, 3) : null;
}
