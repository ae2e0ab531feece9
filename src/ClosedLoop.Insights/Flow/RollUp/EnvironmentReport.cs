using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>Reads deployments, failures and recoveries from what happened to one environment. Pure.</summary>
internal static class EnvironmentReport
{
    /// <param name="environment">Its name.</param>
    /// <param name="events">What happened, in order.</param>
    /// <param name="fullWeeks">The full weeks, for the deployment days of each.</param>
    public static EnvironmentFlow Of(string environment, IReadOnlyList<DeploymentEvent> events, IReadOnlyList<IsoWeek> fullWeeks)
    {
        // Where nothing is ever verified, that something newer was rolled out is all that can end a failure.
        bool isVerified = events.Any(static e => e.Kind == DeploymentEventKind.Verified);
        var deployments = new List<DateTimeOffset>();
        var failed = new Dictionary<DateTimeOffset, DateTimeOffset?>();
        var open = new List<DateTimeOffset>();
        DateTimeOffset? failingSince = null;
        int earlier = 0;
        foreach (var (at, kind) in events)
        {
            switch (kind)
            {
                case DeploymentEventKind.Deployed:
                    if (!isVerified) Recover(at);
                    deployments.Add(at);
                    break;
                case DeploymentEventKind.Verified:
                    Recover(at);
                    break;
                default:
                    if (deployments.Count == 0) earlier++;
                    else if (failed.TryAdd(deployments[^1], null)) open.Add(deployments[^1]);
                    failingSince ??= at;
                    if (kind == DeploymentEventKind.WentBack) Recover(at);
                    break;
            }
        }
        return new EnvironmentFlow
        {
            Environment = environment,
            Days = Days(deployments, failed),
            Deployments = deployments.Count,
            MedianDeploymentDaysPerWeek = Percentiles.LowerMedian(fullWeeks.Select(w => deployments.Where(d => IsoWeek.Of(d) == w).Select(static d => d.UtcDateTime.Date).Distinct().Count())),
            ChangeFailRate = new Ratio(failed.Count, deployments.Count),
            RecoveryTime = Summaries.Of(
                failed.Where(static f => f.Value is not null).Select(static f => f.Value!.Value - f.Key), failed.Count(static f => f.Value is null),
                earlier == 0 ? null : new Dictionary<string, int> { ["deployed-earlier"] = earlier }),
            FailingSince = failingSince,
        };

        void Recover(DateTimeOffset at)
        {
            foreach (var deployment in open) failed[deployment] = at;
            open.Clear();
            failingSince = null;
        }
    }

    private static IReadOnlyList<DeploymentDay> Days(List<DateTimeOffset> deployments, Dictionary<DateTimeOffset, DateTimeOffset?> failed)
    {
        var days = new SortedDictionary<DateOnly, DeploymentDay>();
        foreach (var at in deployments) Add(at, 1, failed.ContainsKey(at) ? 1 : 0, 0);
        foreach (var recovered in failed.Values) if (recovered is { } at) Add(at, 0, 0, 1);
        return [.. days.Values];

        void Add(DateTimeOffset at, int deployed, int failures, int recoveries)
        {
            var day = DateOnly.FromDateTime(at.UtcDateTime);
            var known = days.GetValueOrDefault(day) ?? new DeploymentDay(day, 0, 0, 0);
            days[day] = known with { Deployments = known.Deployments + deployed, Failures = known.Failures + failures, Recoveries = known.Recoveries + recoveries };
        }
    }
}
