using ClosedLoop.Alerting;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Evaluation;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Hosting;
using ClosedLoop.LoadRig.Board;
using ClosedLoop.LoadRig.History;
using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.Storage;
using ClosedLoop.Storage.Sqlite;
using ClosedLoop.Testing.Time;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.LoadRig.Alerts;

/// <summary>What one evaluation of all incidents costs: it should grow with what is overdue, not with what is open.</summary>
internal sealed class AlertsScenario : IScenario
{
    // What a watcher without memory asks at each pass.
    private const string Grouped = "SELECT repository, waiting_on, count(*), min(next_deadline) FROM item WHERE next_deadline < $now GROUP BY repository, waiting_on";

    public string Name => "alerts";

    public string Summary => "one evaluation of all incidents with many open items on SQLite, some of them overdue, beside one SQL statement that groups them";

    public IReadOnlyList<Option> Options =>
    [
        new("open", "100000", "open items"),
        new("overdue", "1,1000,10000", "how many of them are overdue"),
        new("rounds", "31", "measured evaluations"),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log)
    {
        int open = arguments.Number("open");
        var rows = new List<Row>();
        foreach (int overdue in arguments.Numbers("overdue"))
        {
            if (overdue > open) throw new ArgumentException($"--overdue {overdue} is more than --open {open}.");
            rows.Add(await MeasureAsync(open, overdue, arguments.Number("rounds"), log));
        }
        return rows;
    }

    private static async Task<Row> MeasureAsync(int open, int overdue, int rounds, TextWriter log)
    {
        using var folder = new TempFolder();
        string path = folder.File("record.db");
        var fill = new RecordFill(0, open, RecordFill.RateFor(open), Copies: true);
        await log.WriteLineAsync($"filling a file with {open} open items");
        await fill.WriteAsync(path);
        // Merged 40 minutes after it was opened, and half an hour for the build. An item whose look is late is judged after an hour all the same.
        var time = new ManualTimeProvider(overdue == 0 ? MergeSignals.OpenedAt(1, fill.PerWeek) : MergeSignals.OpenedAt(overdue, fill.PerWeek).AddMinutes(40 + 30 - 61).AddSeconds(1));
        using var store = new SqliteLoopStore(new SqliteOptions { Path = path });
        await using var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(time)
            .AddClosedLoop(loop => loop.UseStore(_ => store).AddAlerting(static alerts => alerts.AddSink(static _ => new SilentSink())))
            .BuildServiceProvider();
        var engine = services.GetRequiredService<LoopEngine>();
        var pass = services.GetRequiredService<AlertPass>();
        await engine.StartAsync(default);
        if (overdue > 0) time.Advance(TimeSpan.FromMinutes(61));
        while (await engine.RunClocksAsync(default))
        {
        }
        long first = Clock.Start();
        while (await pass.RunOnceAsync(default)) time.Advance(TimeSpan.FromMilliseconds(200));
        double firstSeconds = Clock.Seconds(first);
        // As after a restart: another evaluation with nothing in memory.
        var again = ActivatorUtilities.CreateInstance<AlertPass>(services, ActivatorUtilities.CreateInstance<HoldupReader>(services));
        await store.CommitAsync(new StoreCommit { At = time.GetUtcNow(), Due = [AlertPass.Wake(time.GetUtcNow())] }, default);
        long restart = Clock.Start();
        ClaimFailedException.Unless(await again.RunOnceAsync(default), "no evaluation was due after the restart.");
        double restartSeconds = Clock.Seconds(restart);
        var incidents = await services.GetRequiredService<IIncidents>().ListAsync();
        int counted = incidents.Sum(static i => i.Count);
        ClaimFailedException.Unless(counted >= overdue * 0.99 && counted <= overdue * 1.01 + 1, $"{counted} items are in incidents, and {overdue} are overdue.");

        using var plain = new PlainReader(path);
        string statement = Grouped.Replace("$now", time.GetUtcNow().UtcTicks.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var passes = new List<double>();
        var duel = await Duel.RunAsync(rounds, OursAsync, TheirsAsync);
        var spread = Spread.Of(passes.TakeLast(rounds));
        var figures = new Dictionary<string, double>
        {
            ["open"] = open,
            ["overdue"] = counted,
            ["incidents"] = incidents.Count,
            ["pass_ms"] = spread.Median * 1000,
            ["pass_max_ms"] = passes.TakeLast(rounds).Max() * 1000,
            ["first_pass_ever_ms"] = firstSeconds * 1000,
            ["first_pass_after_restart_ms"] = restartSeconds * 1000,
        };
        return duel.Time($"an evaluation, {open} open, {overdue} overdue", "one SELECT … GROUP BY on the same file", "ms", 1000, 1, figures);

        async Task<double> OursAsync()
        {
            // The items stay as they are: the clock moves by far less than between two of them.
            time.Advance(TimeSpan.FromSeconds(30) / 1000);
            await store.CommitAsync(new StoreCommit { At = time.GetUtcNow(), Due = [AlertPass.Wake(time.GetUtcNow())] }, default);
            long start = Clock.Start();
            bool did = await pass.RunOnceAsync(default);
            double seconds = Clock.Seconds(start);
            ClaimFailedException.Unless(did, "no evaluation was due.");
            passes.Add(seconds);
            return seconds;
        }

        Task<double> TheirsAsync()
        {
            long start = Clock.Start();
            plain.Read(statement);
            return Task.FromResult(Clock.Seconds(start));
        }
    }

    private sealed class SilentSink : IIncidentSink
    {
        public string Name => "silent";

        public ValueTask<string?> DeliverAsync(IncidentNotice notice, string? handle, CancellationToken cancellationToken) => new((string?)null);
    }
}
