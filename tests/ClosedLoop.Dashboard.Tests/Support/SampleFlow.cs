using ClosedLoop.Insights.Flow;
using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Dashboard.Tests.Support;

/// <summary>A flow report of half a year, as the roll-up makes it, with a cliff in it.</summary>
internal sealed class SampleFlow(DateTimeOffset now, int weeks = 26, int scale = 1) : IFlow
{
    public ValueTask<FlowReport> ReportAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(Report());

    private FlowReport Report()
    {
        var first = IsoWeek.Of(now).Add(1 - weeks);
        var list = Enumerable.Range(0, weeks).Select(i =>
        {
            bool isOver = i < weeks - 1;
            int merged = (isOver ? 380 + (i * 29) + (i * 37 % 90) : 310) / scale;
            return new FlowWeek
            {
                Week = first.Add(i),
                IsComplete = isOver,
                Opened = merged + (40 / scale),
                Declared = merged + ((70 + (i * 53 % 60)) / scale),
                Merged = merged,
                Done = merged - ((28 + (i * 31 % 60)) / scale),
                StillDone = merged - ((34 + (i * 31 % 60)) / scale),
                Reopened = 6 / scale,
                WorkInProgress = (140 + (i * 5)) / scale,
                LeadTime = Summary(3.1 + (i % 5 * .2), merged),
            };
        }).ToList();
        var delivery = new PipelineFlow
        {
            Pipeline = "delivery",
            DoneDefinition = "B",
            Weeks = list,
            Marks = [new FlowMark { At = first.Add(7).Start.AddDays(2), Kind = FlowMarkKind.Migrated, Text = "older items were brought in as a cliff; counts of what was called completed drop here.", Items = 1_842 }],
            Gates = [.. Gates.Default.Select((gate, i) => new GateFlow { Gate = gate, IsAfterDone = i > 3, Waiting = (i * 17 % 41) + 2, Age = Summary(.4 + (i * .3), (i * 17 % 41) + 2), Time = Summary(.2 + (i * .25), 9_000 - (i * 400)) })],
            WorkInProgress = 171,
            MergedNotDone = 43,
            MergedNotDoneAge = Summary(.7, 43),
            LeadTime = Summary(3.4, 9_412) with { Censored = 171 },
            Migrated = 1_842,
            Throughput = new Throughput { Target = 1_000, LastWeek = 1_046 / scale, Sustained = 1_012 / scale, SustainedDone = 968 / scale, FullWeeks = 4 },
            Balance = new FlowBalance { WeeksBehind = 1, Arrivals = 4_240, Departures = 4_118, FullWeeks = 4, IsDegrading = false },
        };
        return new FlowReport
        {
            At = now,
            AsOf = now.AddSeconds(-4),
            Pipelines = [delivery, delivery with { Pipeline = "rollback", Weeks = [], Marks = [] }],
            Environments =
            [
                new EnvironmentFlow { Environment = "production/eu", Deployments = 812, MedianDeploymentDaysPerWeek = 7, ChangeFailRate = new Ratio(31, 812), RecoveryTime = Summary(.35, 31) },
                new EnvironmentFlow { Environment = "production/us", Deployments = 14, MedianDeploymentDaysPerWeek = 2, ChangeFailRate = new Ratio(2, 14), RecoveryTime = Summary(.6, 2), FailingSince = now.AddMinutes(-47) },
            ],
        };
    }

    private static DurationSummary Summary(double hours, int count) => new()
    {
        Count = count,
        P50 = new Percentile(.5, TimeSpan.FromHours(hours), count),
        P85 = new Percentile(.85, TimeSpan.FromHours(hours * 2.2), count),
        P95 = new Percentile(.95, TimeSpan.FromHours(hours * 4.5), count),
        P99 = new Percentile(.99, TimeSpan.FromHours(hours * 9), count),
        Minimum = TimeSpan.FromHours(hours / 10),
        Maximum = TimeSpan.FromHours(hours * 12),
    };
}
