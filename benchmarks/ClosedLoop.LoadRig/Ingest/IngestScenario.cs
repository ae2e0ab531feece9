using ClosedLoop.Benchmarks;
using ClosedLoop.Facts;
using ClosedLoop.Storage.InMemory;
using ClosedLoop.Storage.Sqlite;

namespace ClosedLoop.LoadRig.Ingest;

/// <summary>What it costs to take deliveries: facts per second and the wait for an acknowledgement.</summary>
internal sealed class IngestScenario : IScenario
{
    public string Name => "ingest";

    public string Summary => "deliveries through the intake, from several submitters, beside plain inserts";

    public IReadOnlyList<Option> Options =>
    [
        new("items", "200", "items per round, nine deliveries each"),
        new("submitters", "1,8,64", "how many send at the same time, each waiting for its acknowledgement"),
        new("stores", "sqlite,memory", "which stores"),
        new("rounds", "5", "measured rounds"),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log)
    {
        var histories = Enumerable.Range(1, arguments.Number("items")).Select(DeliveryHistory.Of).ToList();
        var rows = new List<Row>();
        foreach (string store in arguments.Text("stores").Split(','))
        {
            foreach (int submitters in arguments.Numbers("submitters"))
            {
                await log.WriteLineAsync($"{store}, {submitters} submitters");
                rows.Add(await MeasureAsync(store, histories, submitters, arguments.Number("rounds")));
            }
        }
        return rows;
    }

    private static async Task<Row> MeasureAsync(string store, List<IReadOnlyList<Fact>> histories, int submitters, int rounds)
    {
        // In turn, as they arrive when as many items are under way: neighbours in time are not neighbours in the table.
        List<Fact> facts = [.. Enumerable.Range(0, histories[0].Count).SelectMany(f => histories.Select(h => h[f]))];
        var runs = new List<IngestRun>();
        var duel = store switch
        {
            "sqlite" => await Duel.RunAsync(rounds, OnDiskAsync, TwinOnDiskAsync),
            "memory" => await Duel.RunAsync(rounds, InMemoryAsync, () => Task.FromResult(MemoryTwin.Run(facts))),
            _ => throw new ArgumentException($"--stores knows no '{store}'; use sqlite, memory or both."),
        };
        runs.RemoveRange(0, runs.Count - rounds);
        var acks = runs.SelectMany(static r => r.AckSeconds).ToList();
        return duel.Rate($"{store}, {submitters} submitters", store == "sqlite" ? SqliteTwin.Description : MemoryTwin.Description, "facts/s", facts.Count, new Dictionary<string, double>
        {
            ["commits"] = Spread.Of(runs.Select(static r => (double)r.Commits)).Median,
            ["factsPerCommit"] = Spread.Of(runs.Select(r => (double)facts.Count / r.Commits)).Median,
            ["ackP50Ms"] = Spread.Percentile(acks, 50) * 1000,
            ["ackP99Ms"] = Spread.Percentile(acks, 99) * 1000,
            ["loadShare"] = Spread.Of(runs.Select(static r => r.LoadSeconds / r.Seconds)).Median,
            ["commitShare"] = Spread.Of(runs.Select(static r => r.CommitSeconds / r.Seconds)).Median,
        });

        async Task<double> OnDiskAsync()
        {
            using var folder = new TempFolder();
            runs.Add(await IngestRun.RunAsync(() => new SqliteLoopStore(new SqliteOptions { Path = folder.File("record.db") }), histories, submitters));
            return runs[^1].Seconds;
        }

        Task<double> TwinOnDiskAsync()
        {
            using var folder = new TempFolder();
            return Task.FromResult(SqliteTwin.Run(folder.File("twin.db"), facts, runs[^1].Commits));
        }

        async Task<double> InMemoryAsync()
        {
            runs.Add(await IngestRun.RunAsync(static () => new InMemoryLoopStore(), histories, submitters));
            return runs[^1].Seconds;
        }
    }
}
