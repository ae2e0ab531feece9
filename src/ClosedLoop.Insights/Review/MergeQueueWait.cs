using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Review;

/// <summary>Merge-queue wait: from being queued to being merged; for one that was queued again, all its stays together. Pull requests that never were in a queue are not in it. Pure.</summary>
public static class MergeQueueWait
{
    /// <summary>The target of mission/001, which does not say of which statistic: it is compared with the median here, and the P95 is shown beside it.</summary>
    public static TimeSpan Target { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Measures stays. Censored: pull requests that wait, or left the queue and were never merged through it.</summary>
    public static DurationSummary Measure(IEnumerable<QueueStay> stays)
    {
        ArgumentNullException.ThrowIfNull(stays);
        var values = new List<TimeSpan>();
        var excluded = new Exclusions();
        int censored = 0;
        foreach (var change in stays.GroupBy(static s => s.Change, StringComparer.Ordinal))
        {
            if (!change.Any(static s => s.IsMerged && s.LeftAt is not null)) censored++;
            else if (change.Any(static s => s.LeftAt < s.EnteredAt)) excluded.Add(Dora.ChangeLeadTime.Negative);
            else values.Add(change.Where(static s => s.LeftAt is not null).Aggregate(TimeSpan.Zero, static (sum, s) => sum + (s.LeftAt!.Value - s.EnteredAt)));
        }
        return Summaries.Of(values, censored, excluded.Counts);
    }
}
