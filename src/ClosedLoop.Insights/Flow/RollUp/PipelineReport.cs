using System.Globalization;
using ClosedLoop.Insights.Statistics;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>Reads one pipeline's flow from the roll-up. Pure; used once.</summary>
internal sealed class PipelineReport(string pipeline, PipelineDefinition? definition, RollUpState state, DateTimeOffset asOf, DateTimeOffset now, InsightsOptions options)
{
    private const int FullWeeks = 4;
    private const int WeeksToDegrade = 3;

    private readonly IsoWeek _present = IsoWeek.Of(asOf);
    private readonly Dictionary<string, List<(IsoWeek Week, Series Series)>> _series = state.AllSeries.Where(s => s.Key.Owner == pipeline && s.Key.Series != SeriesNames.Deployments)
        .GroupBy(static s => s.Key.Series, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.Select(static s => (s.Key.Week, s.Value)).ToList(), StringComparer.Ordinal);

    public PipelineFlow Read()
    {
        var counts = state.Counts(pipeline);
        var marks = state.Head.Pipelines.GetValueOrDefault(pipeline);
        var weeks = Weeks(counts);
        int open = (int)counts.Values.Sum(Net);
        var full = weeks.Where(w => w.Week.IsComplete && marks is not null && w.Week.Week.Start >= marks.Began).TakeLast(FullWeeks).ToList();
        return new PipelineFlow
        {
            Pipeline = pipeline,
            DoneDefinition = definition?.Done.Name,
            Weeks = [.. weeks.Select(static w => w.Week).TakeLast(options.Weeks)],
            Marks = marks is null ? [] : [.. Marks(marks, counts)],
            Gates = definition is null ? [] : [.. definition.Gates.Select(g => Gate(g.Name, definition))],
            WorkInProgress = open,
            MergedNotDone = Runs(SeriesNames.Merged).Count,
            MergedNotDoneAge = Age(SeriesNames.Merged),
            LeadTime = Durations(SeriesNames.Lead) with { Censored = open },
            Migrated = (int)counts.Values.Sum(static c => c[(int)CountKind.Migrated]),
            Throughput = Throughput([.. full.Select(static w => w.Week)]),
            Balance = Balance(weeks.Where(w => full.Contains(w)).ToList()),
        };
    }

    private static long Arrivals(long[] c) => c[(int)CountKind.Opened] + c[(int)CountKind.Reopened] + c[(int)CountKind.Resumed];

    private static long Departures(long[] c) => c[(int)CountKind.Done] + c[(int)CountKind.DoneAgain] + c[(int)CountKind.Abandoned];

    private static long Net(long[] c) => Arrivals(c) - Departures(c);

    private List<(FlowWeek Week, TimeSpan? AverageAge)> Weeks(IReadOnlyDictionary<IsoWeek, long[]> counts)
    {
        var weeks = new List<(FlowWeek, TimeSpan?)>();
        if (counts.Count == 0) return weeks;
        var first = counts.Keys.Min();
        var shown = _present.Add(1 - Math.Max(options.Weeks, FullWeeks + 1));
        long open = 0, since = 0;
        foreach (var (week, c) in counts.Where(c => c.Key < shown)) (open, since) = (open + Net(c), since + c[(int)CountKind.OpenSince]);
        for (var week = first < shown ? shown : first; week <= _present; week = week.Add(1))
        {
            long[] c = counts.GetValueOrDefault(week) ?? new long[(int)CountKind.OpenSince + 1];
            (open, since) = (open + Net(c), since + c[(int)CountKind.OpenSince]);
            weeks.Add((Week(week, c, (int)open), open <= 0 ? null : TimeSpan.FromSeconds(Math.Max(0, week.End.ToUnixTimeSeconds() - ((double)since / open)))));
        }
        return weeks;
    }

    private FlowWeek Week(IsoWeek week, long[] c, int open) => new()
    {
        Week = week,
        IsComplete = week.End <= asOf,
        Opened = (int)c[(int)CountKind.Opened],
        Declared = (int)c[(int)CountKind.Declared],
        Merged = (int)c[(int)CountKind.Merged],
        Done = (int)c[(int)CountKind.Done],
        StillDone = (int)c[(int)CountKind.StillDone],
        DoneAgain = (int)c[(int)CountKind.DoneAgain],
        Reopened = (int)c[(int)CountKind.Reopened],
        Abandoned = (int)c[(int)CountKind.Abandoned],
        Resumed = (int)c[(int)CountKind.Resumed],
        WorkInProgress = open,
        LeadTime = Summarise(Of(SeriesNames.Lead).FindAll(s => s.Week == week)),
    };

    private GateFlow Gate(string gate, PipelineDefinition of)
    {
        bool isAfterDone = !of.Done.Gates.Contains(gate) && of.Gates.Select(static g => g.Name).SkipWhile(g => g != gate).All(g => !of.Done.Gates.Contains(g));
        string waiting = isAfterDone ? SeriesNames.After(gate) : SeriesNames.Wait(gate);
        int count = Runs(waiting).Count;
        return new GateFlow { Gate = gate, IsAfterDone = isAfterDone, Waiting = count, Age = Age(waiting), Time = Durations(SeriesNames.Time(gate)) with { Censored = count } };
    }

    private Throughput Throughput(List<FlowWeek> full) => new()
    {
        Target = options.TargetMergesPerWeek,
        FullWeeks = full.Count,
        LastWeek = full.Count == 0 ? null : full[^1].Merged,
        Sustained = full.Count < FullWeeks ? null : full.Min(static w => w.Merged),
        SustainedDone = full.Count < FullWeeks ? null : full.Min(static w => w.Done),
    };

    private static FlowBalance Balance(List<(FlowWeek Week, TimeSpan? AverageAge)> full)
    {
        bool IsBehind((FlowWeek Week, TimeSpan? AverageAge) w) => In(w.Week) > Out(w.Week);
        var last = full.TakeLast(WeeksToDegrade).ToList();
        return new FlowBalance
        {
            FullWeeks = full.Count,
            Arrivals = full.Sum(static w => In(w.Week)),
            Departures = full.Sum(static w => Out(w.Week)),
            WeeksBehind = full.AsEnumerable().Reverse().TakeWhile(IsBehind).Count(),
            AverageAges = [.. full.Select(static w => w.AverageAge)],
            IsDegrading = last.Count < WeeksToDegrade ? null : last.All(IsBehind) && last.Zip(last.Skip(1), static (a, b) => b.AverageAge > a.AverageAge).All(static rises => rises),
        };

        static int In(FlowWeek w) => w.Opened + w.Reopened + w.Resumed;

        static int Out(FlowWeek w) => w.Done + w.DoneAgain + w.Abandoned;
    }

    private static IEnumerable<FlowMark> Marks(PipelineMarks marks, IReadOnlyDictionary<IsoWeek, long[]> counts)
    {
        var all = new List<FlowMark> { new() { At = marks.Began, Kind = FlowMarkKind.TrackingBegan, Text = "Tracking began: nothing was observed before." } };
        foreach (var (week, c) in counts)
        {
            long items = c[(int)CountKind.Migrated];
            // By the week of the commit; the first one of all cannot be before the record began.
            if (items > 0) all.Add(new FlowMark { At = week.Start > marks.Began ? week.Start : marks.Began, Kind = FlowMarkKind.Migrated, Items = (int)items, Text = string.Create(CultureInfo.InvariantCulture, $"{items} items were brought in by a migration; they are in no count and no lead time.") });
        }
        foreach (var (before, after) in marks.Definitions.Zip(marks.Definitions.Skip(1)))
            all.Add(new FlowMark { At = after.At, Kind = FlowMarkKind.DoneDefinitionChanged, Text = $"DONE means {after.Definition} from here on, and meant {before.Definition} before." });
        return all.OrderBy(static m => m.At).ThenBy(static m => m.Kind);
    }

    private SortedRuns Runs(string series) => new([.. Of(series).Select(static s => s.Series.Values)]);

    private DurationSummary Age(string series) => Summaries.Ages(Runs(series), Of(series).Sum(static s => s.Series.Sum), now);

    private DurationSummary Durations(string series) => state.Summary(pipeline, series, () => Summarise(Of(series)));

    private static DurationSummary Summarise(List<(IsoWeek Week, Series Series)> weeks)
    {
        var excluded = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (reason, count) in weeks.SelectMany(static w => w.Series.Excluded)) excluded[reason] = excluded.GetValueOrDefault(reason) + count;
        return Summaries.Of(new SortedRuns([.. weeks.Select(static w => w.Series.Values)]), weeks.Sum(static w => w.Series.Sum), static ms => TimeSpan.FromMilliseconds(ms), 0, excluded);
    }

    private List<(IsoWeek Week, Series Series)> Of(string series) => _series.GetValueOrDefault(series) ?? [];
}
