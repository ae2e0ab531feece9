using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Ci;

/// <summary>CI feedback latency: from a push that was received to the verdict that was reported, waiting in queues included. What a run takes from its start to its end is another figure. Pure.</summary>
public static class FeedbackLatency
{
    /// <summary>Left out: nobody knows when the push came or when the verdict was told.</summary>
    public const string UnknownTime = "time-unknown";

    /// <summary>Left out: another attempt at a commit that had a verdict; nobody pushed.</summary>
    public const string Rerun = "re-run";

    /// <summary>Measures runs. Censored: pushes without a verdict yet, and those that a newer push took the place of.</summary>
    public static DurationSummary Measure(IEnumerable<CiRun> runs) => Of(runs, static r => r.PushedAt);

    /// <summary>From a run's start to its verdict.</summary>
    public static DurationSummary RunTime(IEnumerable<CiRun> runs) => Of(runs, static r => r.StartedAt);

    private static DurationSummary Of(IEnumerable<CiRun> runs, Func<CiRun, DateTimeOffset?> begin)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var values = new List<TimeSpan>();
        var excluded = new Exclusions();
        int censored = 0;
        foreach (var run in runs)
        {
            if (run.Attempt > 1) excluded.Add(Rerun);
            else if (!run.HasVerdict) censored++;
            else if (begin(run) is not { } from || run.ReportedAt is not { } to) excluded.Add(UnknownTime);
            else if (to < from) excluded.Add(Dora.ChangeLeadTime.Negative);
            else values.Add(to - from);
        }
        return Summaries.Of(values, censored, excluded.Counts);
    }
}
