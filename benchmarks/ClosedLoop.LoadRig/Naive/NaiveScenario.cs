using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.LoadRig.Postgres;
using ClosedLoop.Storage.InMemory;
using ClosedLoop.Storage.Postgres;
using ClosedLoop.Storage.Sqlite;

namespace ClosedLoop.LoadRig.Naive;

/// <summary>Our intake beside the watcher that one would write first, both on the same store, with the same signals.</summary>
internal sealed class NaiveScenario : IScenario
{
    public string Name => "naive";

    public string Summary => "the signals of 'ingest' on SQLite or PostgreSQL, beside one autocommitted UPDATE of the item's row for each of them";

    public IReadOnlyList<Option> Options =>
    [
        new("store", "sqlite", "sqlite or postgres (a server of the run's own; needs Debian's postgresql)"),
        new("journal", "delete,wal", "the watcher's journal on SQLite, whose default is delete"),
        new("merges", "1000", "merges, seven gates each"),
        new("copies", "3", "how often each delivery is sent"),
        new("producers", "64", "how many send to our intake at the same time, each waiting for its acknowledgement"),
        new("rounds", "3", "measured rounds"),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log)
    {
        int merges = arguments.Number("merges");
        var inOrder = MergeSignals.InOrder(merges);
        var signals = MergeSignals.Shuffled(inOrder, arguments.Number("copies"));
        var places = MergeSignals.Places(inOrder);
        List<NaiveEvent> events = [.. signals.Select(s => new NaiveEvent($"BL-{places[s.DeliveryId!].Merge}", places[s.DeliveryId!].Gate, s.ReceivedAt.UtcTicks))];
        var expected = await IngestRun.RunAsync(static () => new InMemoryLoopStore(), inOrder, producers: 1);
        var rows = new List<Row>();
        double ofDefault = 0;
        if (arguments.Text("store") == "postgres") return [await OnServerAsync()];
        if (arguments.Text("store") != "sqlite") throw new ArgumentException($"--store knows no '{arguments.Text("store")}'; use sqlite or postgres.");
        foreach (string journal in arguments.Text("journal").Split(','))
        {
            if (journal is not ("delete" or "wal")) throw new ArgumentException($"--journal knows no '{journal}'; use delete or wal.");
            await log.WriteLineAsync($"journal {journal}");
            var row = await MeasureAsync($"journal {journal}", OursAsync, () => Task.FromResult(Naive(journal)), ByHandAsync);
            if (journal == "delete") ofDefault = row.More["speedup"];
            else if (ofDefault > 0) row = row with { More = new Dictionary<string, double>(row.More) { ["speedup_over_default_journal"] = ofDefault } };
            rows.Add(row);

            async Task<IngestRun> OursAsync()
            {
                using var folder = new TempFolder();
                return await IngestRun.RunAsync(() => new SqliteLoopStore(new SqliteOptions { Path = folder.File("record.db") }), signals, arguments.Number("producers"));
            }

            async Task<double> ByHandAsync(IngestRun run)
            {
                using var folder = new TempFolder();
                return await RowsByHand.OnFileAsync(folder, run.Commits, arguments.Number("copies"));
            }
        }
        return rows;

        async Task<Row> OnServerAsync()
        {
            await using var server = new StartedServer();
            await server.StartAsync();
            return await MeasureAsync(
                "PostgreSQL",
                async () =>
                {
                    string database = await server.Server.CreateDatabaseAsync();
                    var run = await IngestRun.RunAsync(() => new PostgresLoopStore(new PostgresOptions { ConnectionString = database }), signals, arguments.Number("producers"));
                    await server.Server.DropDatabaseAsync(database);
                    return run;
                },
                async () =>
                {
                    string database = await server.Server.CreateDatabaseAsync();
                    var watcher = new NaiveServerWatcher(database);
                    await watcher.CreateAsync(merges);
                    double seconds = await watcher.TakeAsync(events);
                    ClaimFailedException.Unless(await watcher.CompleteAsync() == merges, "the watcher has not seen every gate.");
                    await server.Server.DropDatabaseAsync(database);
                    return seconds;
                },
                async run => (await RowsByHand.OnServerAsync(server, run.Commits, arguments.Number("copies"))).Seconds);
        }

        async Task<Row> MeasureAsync(string name, Func<Task<IngestRun>> ours, Func<Task<double>> naive, Func<IngestRun, Task<double>> byHand)
        {
            int lost = 0, wrong = 0;
            var byHandSeconds = new List<double>();
            var duel = await Duel.RunAsync(
                arguments.Number("rounds"),
                async () =>
                {
                    var run = await ours();
                    lost = Math.Max(lost, expected.States.Keys.Count(id => !run.States.ContainsKey(id)));
                    wrong = Math.Max(wrong, run.States.Count(s => expected.States.GetValueOrDefault(s.Key) != s.Value));
                    byHandSeconds.Add(await byHand(run));
                    return run.Seconds;
                },
                naive);
            var figures = new Dictionary<string, double> { ["signals"] = signals.Length, ["lost"] = lost, ["wrong"] = wrong };
            var row = duel.Rate(name, "new connection (pooled) and new command for each event, UPDATE items SET gate WHERE id, autocommit", "signals/s", signals.Length, figures);
            figures["signals_per_s"] = row.Ours.Median;
            figures["naive_per_s"] = row.Theirs.Median;
            figures["speedup"] = 1 / row.TimeRatio.Median;
            // The same for whoever writes our rows and does nothing else: no record of them is faster than that.
            figures["rows_by_hand_speedup"] = signals.Length / Spread.Of(byHandSeconds.TakeLast(arguments.Number("rounds"))).Median / row.Theirs.Median;
            return row;
        }

        double Naive(string journal)
        {
            using var folder = new TempFolder();
            var watcher = new NaiveWatcher(folder.File("naive.db"), journal, merges);
            double seconds = watcher.Take(events);
            ClaimFailedException.Unless(watcher.Complete() == merges, "the watcher has not seen every gate.");
            return seconds;
        }
    }
}
