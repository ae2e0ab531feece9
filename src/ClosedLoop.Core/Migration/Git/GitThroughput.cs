namespace ClosedLoop.Migration;

/// <summary>How many landings per week, and how long they took from the first authored commit. Pure; immutable.</summary>
/// <remarks>
/// Weeks are ISO weeks in UTC by committer time; all weeks from the first landing's to the last's count, those without landings
/// too, and the first and last may be incomplete. Percentiles are by nearest rank: the smallest value that at least that share of
/// the values does not exceed. Negative lead times are clock errors: left out and counted.
/// </remarks>
public sealed record GitThroughput
{
    /// <summary>The rate at which a team's delivery no longer fits in people's heads: 1,000 landings a week.</summary>
    public const int WeeklyLine = 1000;

    /// <summary>All landings.</summary>
    public int Landings { get; private init; }

    /// <summary>Landings by merge.</summary>
    public int Merges { get; private init; }

    /// <summary>Landings by squash.</summary>
    public int Squashes { get; private init; }

    /// <summary>Other landings.</summary>
    public int Directs { get; private init; }

    /// <summary>Every week from the first landing's to the last's, in order.</summary>
    public IReadOnlyList<GitWeek> Weeks { get; private init; } = [];

    /// <summary>The median of landings per week; the mean of the two middle values when the number of weeks is even. 0 without landings.</summary>
    public double PerWeekMedian { get; private init; }

    /// <summary>Landings in the busiest week.</summary>
    public int PerWeekMax => BusiestWeek?.Landings ?? 0;

    /// <summary>The week with the most landings, the earliest of several; null without landings.</summary>
    public GitWeek? BusiestWeek { get; private init; }

    /// <summary>Weeks with more than <see cref="WeeklyLine"/> landings.</summary>
    public int WeeksOverLine { get; private init; }

    /// <summary>The median lead time in hours, by nearest rank; null without lead times.</summary>
    public double? LeadTimeP50Hours { get; private init; }

    /// <summary>The 90th percentile of lead times in hours, by nearest rank; null without lead times.</summary>
    public double? LeadTimeP90Hours { get; private init; }

    /// <summary>Landings whose lead time would be negative, because the clocks of author and committer disagree; left out above.</summary>
    public int NegativeLeadTimes { get; private init; }

    /// <summary>Computes the numbers of some landings, in any order.</summary>
    public static GitThroughput Of(IReadOnlyList<GitLanding> landings)
    {
        ArgumentNullException.ThrowIfNull(landings);
        if (landings.Count == 0) return new GitThroughput();
        var byWeek = new Dictionary<int, GitWeek>();
        var leadTimes = new List<long>(landings.Count);
        int negative = 0;
        foreach (var landing in landings)
        {
            int monday = MondayOf(landing.CommittedAt);
            var week = byWeek.GetValueOrDefault(monday, new GitWeek(DateOnly.FromDayNumber(monday), 0, 0, 0));
            byWeek[monday] = landing.Kind switch
            {
                GitLandingKind.Merge => week with { Merges = week.Merges + 1 },
                GitLandingKind.Squash => week with { Squashes = week.Squashes + 1 },
                _ => week with { Directs = week.Directs + 1 },
            };
            if (landing.LeadTime < TimeSpan.Zero) negative++;
            else leadTimes.Add(landing.LeadTime.Ticks);
        }
        var weeks = new List<GitWeek>();
        for (int monday = byWeek.Keys.Min(), last = byWeek.Keys.Max(); monday <= last; monday += 7)
            weeks.Add(byWeek.GetValueOrDefault(monday, new GitWeek(DateOnly.FromDayNumber(monday), 0, 0, 0)));
        leadTimes.Sort();
        int[] counts = [.. weeks.Select(static w => w.Landings).Order()];
        return new GitThroughput
        {
            Landings = landings.Count,
            Merges = weeks.Sum(static w => w.Merges),
            Squashes = weeks.Sum(static w => w.Squashes),
            Directs = weeks.Sum(static w => w.Directs),
            Weeks = weeks,
            PerWeekMedian = (counts[(counts.Length - 1) / 2] + counts[counts.Length / 2]) / 2.0,
            BusiestWeek = weeks.MaxBy(static w => w.Landings),
            WeeksOverLine = weeks.Count(static w => w.Landings > WeeklyLine),
            LeadTimeP50Hours = Percentile(leadTimes, 50),
            LeadTimeP90Hours = Percentile(leadTimes, 90),
            NegativeLeadTimes = negative,
        };
    }

    // Day number 0 is 0001-01-01, a Monday.
    private static int MondayOf(DateTimeOffset instant)
    {
        int day = DateOnly.FromDateTime(instant.UtcDateTime).DayNumber;
        return day - (day % 7);
    }

    private static double? Percentile(List<long> sorted, int percent)
    {
        if (sorted.Count == 0) return null;
        long rank = (((long)sorted.Count * percent) + 99) / 100;
        return TimeSpan.FromTicks(sorted[(int)Math.Max(0, rank - 1)]).TotalHours;
    }
}
