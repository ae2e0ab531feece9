using System.Diagnostics;
using System.Globalization;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Insights.Flow;
using ClosedLoop.Insights.Flow.RollUp;
using ClosedLoop.Insights.Statistics;
using ClosedLoop.Insights.Tests.Support;
using ClosedLoop.Storage;
using ClosedLoop.Storage.Sqlite;
using ClosedLoop.Testing.Time;
using Xunit.Abstractions;

namespace ClosedLoop.Insights.Tests.Flow;

/// <summary>
/// What the page costs does not grow with history. The test counts what is read; <c>CLOSEDLOOP_FLOW_OPEN=100000 CLOSEDLOOP_FLOW_DONE=5000000</c> makes a large record of it, and the times are in the output.
/// </summary>
public sealed class FlowSpeedTests(ITestOutputHelper output)
{
    private const int Reads = 100;

    private static int Setting(string name, int otherwise) => int.Parse(Environment.GetEnvironmentVariable(name) ?? otherwise.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    [Fact]
    public async Task After_a_change_only_the_parts_that_changed_are_read_however_many_items_there_are()
    {
        int open = Setting("CLOSEDLOOP_FLOW_OPEN", 1_000), done = Setting("CLOSEDLOOP_FLOW_DONE", 20_000);
        string folder = Directory.CreateTempSubdirectory("closedloop-flow-").FullName;
        try
        {
            using var sqlite = new SqliteLoopStore(new SqliteOptions { Path = Path.Combine(folder, "flow.db") });
            var store = new Counting(sqlite);
            var time = new ManualTimeProvider(Given.Start.AddDays(365));
            await sqlite.InitializeAsync(default);
            var state = Fill(open, done, time.GetUtcNow());
            foreach (var chunk in state.Changes(0, time.GetUtcNow(), false).Chunk(50)) await sqlite.CommitAsync(new StoreCommit { At = time.GetUtcNow(), Documents = chunk }, default);
            using var system = new FlowFixture(store: store, time: time);
            var flow = system.System.Get<IFlow>();
            var first = Stopwatch.StartNew();
            var report = await flow.ReportAsync();
            first.Stop();
            Assert.Equal(open, report.Pipelines[0].WorkInProgress);
            int most = 0;
            var times = new List<double>();
            var again = new List<double>();
            for (int i = 1; i <= Reads; i++)
            {
                double minute = (time.GetUtcNow() - Given.Start).TotalMinutes;
                await system.TakeAsync(Given.Delivered(i, i, $"{i:x8}{new string('a', 32)}", minute - 10));
                await system.System.RunAsync(TimeSpan.FromSeconds(10));
                store.Documents = 0;
                var watch = Stopwatch.StartNew();
                report = await flow.ReportAsync();
                times.Add(watch.Elapsed.TotalMilliseconds);
                most = Math.Max(most, store.Documents);
                watch.Restart();
                await flow.ReportAsync();
                again.Add(watch.Elapsed.TotalMilliseconds);
            }
            times.Sort();
            again.Sort();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{open} open, {done} done: first read {first.Elapsed.TotalMilliseconds:0.0} ms; after a change p50 {times[Reads / 2]:0.0} ms, p99 {times[Reads * 99 / 100]:0.0} ms; without one p50 {again[Reads / 2]:0.0} ms, p99 {again[Reads * 99 / 100]:0.0} ms; at most {most} documents"));
            Assert.Equal(open, report.Pipelines[0].WorkInProgress);
            // The head, the counts of the year, and a handful of this week's series.
            Assert.InRange(most, 2, 12);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // What the fold makes of so many items, over two years; written directly, since the roll-up is the sum of what they bring.
    private static RollUpState Fill(int open, int done, DateTimeOffset now)
    {
        var random = new Random(1);
        var state = new RollUpState();
        var oldest = IsoWeek.Of(now).Add(1 - RollUpState.KeptWeeks);
        var ledger = new Ledger { Pipeline = "delivery" };
        for (int i = 0; i < done + open; i++)
        {
            bool isDone = i < done;
            var opened = now.AddDays(-730 * random.NextDouble());
            if (!isDone) opened = now.AddDays(-20 * random.NextDouble());
            ledger.Count(opened, CountKind.Opened);
            ledger.Count(opened, CountKind.OpenSince, opened.ToUnixTimeSeconds());
            if (!isDone)
            {
                ledger.Value(SeriesNames.Wait(Gates.Default[i % 4]), opened, opened.ToUnixTimeMilliseconds());
                continue;
            }
            var at = opened;
            foreach (string gate in Gates.Default)
            {
                at = at.AddSeconds(random.Next(1, 7_200));
                ledger.Value(SeriesNames.Time(gate), at, random.Next(1, 7_200_000));
            }
            ledger.Count(at, CountKind.Done);
            ledger.Count(at, CountKind.OpenSince, -opened.ToUnixTimeSeconds());
            ledger.Value(SeriesNames.Lead, at, (long)(at - opened).TotalMilliseconds);
            if (i % 50_000 != 0) continue;
            state.Apply(ledger, oldest);
            ledger = new Ledger { Pipeline = "delivery" };
        }
        state.Apply(ledger, oldest);
        return state;
    }

    private sealed class Counting(ILoopStore inner) : StoreDecorator(inner)
    {
        public int Documents { get; set; }

        public override async ValueTask<IReadOnlyList<StoredDocument>> ReadDocumentsAsync(DocumentQuery query, CancellationToken cancellationToken)
        {
            var found = await base.ReadDocumentsAsync(query, cancellationToken);
            Documents += found.Count;
            return found;
        }
    }
}
