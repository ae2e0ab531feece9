using ClosedLoop.Intake;
using ClosedLoop.LoadRig.Postgres;
using ClosedLoop.Storage.InMemory;
using ClosedLoop.Storage.Postgres;
using ClosedLoop.Storage.Sqlite;

namespace ClosedLoop.LoadRig.Ingest;

/// <summary>What it costs to take a week's deliveries, each several times and in any order: signals per second, and the wait for an acknowledgement.</summary>
internal sealed class IngestScenario : IScenario
{
    public string Name => "ingest";

    public string Summary => "seven deliveries of each merge, K copies of each in random order, from P producers, beside the same rows by hand";

    public IReadOnlyList<Option> Options =>
    [
        new("store", "sqlite", "memory, sqlite or postgres (a server of the run's own; needs Debian's postgresql); with commas between several"),
        new("merges", "1000", "merges, seven gates each"),
        new("copies", "3", "how often each delivery is sent"),
        new("producers", "64", "how many send at the same time, each waiting for its acknowledgement"),
        new("rounds", "5", "measured rounds"),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log)
    {
        var inOrder = MergeSignals.InOrder(arguments.Number("merges"));
        var expected = await IngestRun.RunAsync(static () => new InMemoryLoopStore(), inOrder, producers: 1);
        ClaimFailedException.Unless(expected.States.Count == arguments.Number("merges"), $"{expected.States.Count} items came of {arguments.Number("merges")} merges.");
        var rows = new List<Row>();
        foreach (string store in arguments.Text("store").Split(','))
            foreach (int copies in arguments.Numbers("copies"))
                foreach (int producers in arguments.Numbers("producers"))
                {
                    await log.WriteLineAsync($"{store}, {copies} copies, {producers} producers");
                    rows.Add(await MeasureAsync(store, inOrder, expected, copies, producers, arguments.Number("rounds")));
                }
        return rows;
    }

    private static async Task<Row> MeasureAsync(string store, IReadOnlyList<Submission> inOrder, IngestRun expected, int copies, int producers, int rounds)
    {
        var signals = MergeSignals.Shuffled(inOrder, copies);
        var runs = new List<IngestRun>();
        var lean = new List<double>();
        var twinServer = new List<double>();
        await using var started = store == "postgres" ? new StartedServer() : null;
        if (started is not null) await started.StartAsync();
        var duel = store switch
        {
            "postgres" => await Duel.RunAsync(rounds, OnServerAsync, TwinOnServerAsync),
            "sqlite" => await Duel.RunAsync(rounds, OnDiskAsync, TwinOnDiskAsync),
            "memory" => await Duel.RunAsync(rounds, InMemoryAsync, () => Task.FromResult(MemoryTwin.Run(signals))),
            _ => throw new ArgumentException($"--store knows no '{store}'; use memory, sqlite or postgres."),
        };
        runs.RemoveRange(0, runs.Count - rounds);
        var acks = runs.SelectMany(static r => r.AckSeconds).ToList();
        var figures = new Dictionary<string, double>
        {
            ["signals"] = signals.Length,
            ["unique"] = inOrder.Count,
            ["seconds"] = Median(static r => r.Seconds),
            ["signals_per_s"] = signals.Length / Median(static r => r.Seconds),
            ["unique_per_s"] = inOrder.Count / Median(static r => r.Seconds),
            ["commits"] = Median(static r => r.Commits.Count),
            ["p50_ms"] = Spread.Percentile(acks, 50) * 1000,
            ["p99_ms"] = Spread.Percentile(acks, 99) * 1000,
            ["processor_us_per_signal"] = Median(r => r.ProcessorSeconds * 1e6 / signals.Length),
            ["alloc_bytes_per_signal"] = Median(r => (double)r.AllocatedBytes / signals.Length),
            ["reads_per_commit"] = Median(static r => r.ReadsPerCommit),
            ["load_share"] = Median(static r => r.LoadSeconds / r.Seconds),
            ["commit_share"] = Median(static r => r.CommitSeconds / r.Seconds),
            ["lost"] = runs.Max(r => expected.States.Keys.Count(id => !r.States.ContainsKey(id))),
            ["wrong"] = runs.Max(r => r.States.Count(s => expected.States.GetValueOrDefault(s.Key) != s.Value)),
        };
        if (started is not null) figures["server_us_per_signal"] = Median(r => r.ServerSeconds * 1e6 / signals.Length);
        if (started is not null) figures["twin_server_us_per_signal"] = Spread.Of(twinServer.TakeLast(rounds)).Median * 1e6 / signals.Length;
        if (lean.Count > 0) figures["lean_twin_per_s"] = signals.Length / Spread.Of(lean).Median;
        var row = duel.Rate($"{store}, {copies} copies, {producers} producers", store switch { "memory" => MemoryTwin.Description, "postgres" => PostgresTwin.Description, _ => "the same rows in as many transactions, prepared statements on SQLite's C interface, values made beforehand" }, "signals/s", signals.Length, figures);
        figures["twin_per_s"] = row.Theirs.Median;
        // As a share of the twin's rate: 1 is as fast as the twin.
        figures["ratio"] = 1 / row.TimeRatio.Median;
        return row with { StateHash = runs[^1].StateHash };

        double Median(Func<IngestRun, double> of) => Spread.Of(runs.Select(of)).Median;

        async Task<double> OnDiskAsync()
        {
            using var folder = new TempFolder();
            runs.Add(await IngestRun.RunAsync(() => new SqliteLoopStore(new SqliteOptions { Path = folder.File("record.db") }), signals, producers));
            return runs[^1].Seconds;
        }

        async Task<double> TwinOnDiskAsync()
        {
            using var folder = new TempFolder();
            var commits = runs[^1].Commits;
            lean.Add(LeanTwin.Run(folder.File("lean.db"), signals, Math.Max(1, signals.Length / commits.Count)));
            return await RowsByHand.OnFileAsync(folder, commits, copies);
        }

        async Task<double> OnServerAsync()
        {
            string database = await started!.Server.CreateDatabaseAsync();
            runs.Add(await IngestRun.RunAsync(() => new PostgresLoopStore(new PostgresOptions { ConnectionString = database }), signals, producers, started.ProcessorSeconds));
            await started.Server.DropDatabaseAsync(database);
            return runs[^1].Seconds;
        }

        async Task<double> TwinOnServerAsync()
        {
            var (seconds, server) = await RowsByHand.OnServerAsync(started!, runs[^1].Commits, copies);
            twinServer.Add(server);
            return seconds;
        }

        async Task<double> InMemoryAsync()
        {
            runs.Add(await IngestRun.RunAsync(static () => new InMemoryLoopStore(), signals, producers));
            return runs[^1].Seconds;
        }
    }
}
