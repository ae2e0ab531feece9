using ClosedLoop.Insights.Records;
using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Dora;

/// <summary>How often a change reaches production in a window.</summary>
public sealed record DeploymentFrequency
{
    /// <summary>Distinct deployments that succeeded; one that deploys several commits counts once, when the last of them finished.</summary>
    public int Deployments { get; init; }

    /// <summary>How many of them went back to an earlier version.</summary>
    public int Rollbacks { get; init; }

    /// <summary>Distinct deployments that did not succeed, of which the result is not known, or that are not over; they are not counted above.</summary>
    public int NotSucceeded { get; init; }

    /// <summary>The window's length in days.</summary>
    public double Days { get; init; }

    /// <summary>Deployments a day; null for an empty window.</summary>
    public double? PerDay => Days > 0 ? Deployments / Days : null;

    /// <summary>Days with a deployment in a week: the lower median over the ISO weeks that lie wholly in the window; null without one.</summary>
    public int? MedianDaysPerWeek { get; init; }

    /// <summary>Days with a deployment in a calendar month: the lower median over the months that lie wholly in the window; null without one.</summary>
    public int? MedianDaysPerMonth { get; init; }

    /// <summary>Measures a window, its end excluded.</summary>
    public static DeploymentFrequency Measure(IEnumerable<DeploymentRecord> deployments, DateTimeOffset from, DateTimeOffset to, string environment = DeploymentRecord.Production)
    {
        var all = DistinctDeployment.Of(deployments, environment);
        var finished = all.Where(d => d.FinishedAt >= from && d.FinishedAt < to).ToList();
        var days = finished.Select(static d => d.FinishedAt!.Value.UtcDateTime.Date).ToHashSet();
        return new DeploymentFrequency
        {
            Deployments = finished.Count,
            Rollbacks = finished.Count(static d => d.IsRollback),
            NotSucceeded = DistinctDeployment.CountUnsuccessful(deployments, environment, from, to),
            Days = Math.Max(0, (to - from).TotalDays),
            MedianDaysPerWeek = Percentiles.LowerMedian(Weeks(from, to).Select(w => days.Count(d => d >= w.Start.UtcDateTime && d < w.End.UtcDateTime))),
            MedianDaysPerMonth = Percentiles.LowerMedian(Months(from, to).Select(m => days.Count(d => d >= m && d < m.AddMonths(1)))),
        };
    }

    private static IEnumerable<IsoWeek> Weeks(DateTimeOffset from, DateTimeOffset to)
    {
        for (var week = IsoWeek.Of(from); week.End <= to; week = week.Add(1))
            if (week.Start >= from) yield return week;
    }

    private static IEnumerable<DateTime> Months(DateTimeOffset from, DateTimeOffset to)
    {
        var start = from.UtcDateTime;
        for (var month = new DateTime(start.Year, start.Month, 1, 0, 0, 0, DateTimeKind.Utc); month.AddMonths(1) <= to.UtcDateTime; month = month.AddMonths(1))
            if (month >= start) yield return month;
    }
}
