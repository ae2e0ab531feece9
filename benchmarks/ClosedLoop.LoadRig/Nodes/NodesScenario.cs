using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.LoadRig.Postgres;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;
using ClosedLoop.Storage.Postgres;
using Npgsql;

namespace ClosedLoop.LoadRig.Nodes;

/// <summary>Several processes on one database, each delivery sent to two of them: whether all of it is there once, and right, and nobody deadlocks.</summary>
internal sealed class NodesScenario : IScenario
{
    private const int PerWeek = 20_000;
    private const int CheckedTogether = 1_000;

    public string Name => "nodes";

    public string Summary => "processes that share a PostgreSQL database, each delivery sent to two of them, beside one process that gets each twice";

    public IReadOnlyList<Option> Options =>
    [
        new("processes", "4", "how many; 2 or more"),
        new("minutes", "10", "for how long, in whole waves"),
        new("waves", "1000000", "how many waves at the most"),
        new("merges", "200", "merges in a wave, seven gates each"),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log)
    {
        int processes = arguments.Number("processes"), merges = arguments.Number("merges");
        if (processes < 2) throw new ArgumentException("--processes is 2 or more: each delivery is sent to two.");
        await using var server = new StartedServer();
        await server.StartAsync();
        double alone = await AloneAsync(server, merges);

        string database = await server.Server.CreateDatabaseAsync();
        var results = new List<WaveResult>();
        int waves = 0;
        double seconds;
        var nodes = Enumerable.Range(0, processes).Select(n => StartedNode.Start(database, n)).ToList();
        try
        {
            // The first wave is not on the clock: the nodes are starting.
            results.AddRange(await SendAsync(nodes, waves++));
            long start = Clock.Start();
            do
            {
                results.AddRange(await SendAsync(nodes, waves++));
                if (waves % 20 == 0) await log.WriteLineAsync($"{waves} waves, {Clock.Seconds(start):F0} s");
            }
            while (waves < arguments.Number("waves") && Clock.Seconds(start) < arguments.Number("minutes") * 60);
            seconds = Clock.Seconds(start);
        }
        finally
        {
            foreach (var node in nodes) await node.DisposeAsync();
        }

        int unique = waves * merges * MergeSignals.GatesPerMerge;
        await log.WriteLineAsync($"comparing {waves * merges} items");
        var (lost, wrong) = await CompareAsync(database, waves * merges);
        var figures = new Dictionary<string, double>
        {
            ["processes"] = processes,
            ["seconds"] = seconds,
            ["waves"] = waves,
            ["items"] = waves * merges,
            ["signals"] = results.Sum(static r => r.Committed + r.Duplicates),
            ["unique"] = unique,
            ["committed"] = results.Sum(static r => r.Committed),
            ["duplicates"] = results.Sum(static r => r.Duplicates),
            ["refused"] = results.Sum(static r => r.Refused),
            ["lost"] = lost,
            ["wrong"] = wrong,
            ["deadlocks"] = await ScalarAsync(database, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"),
            ["deadlocks_seen"] = results.Sum(static r => r.Deadlocks),
            ["deliveries_stored"] = await ScalarAsync(database, "SELECT count(*) FROM delivery"),
            ["transitions"] = await ScalarAsync(database, "SELECT count(*) FROM transition"),
            ["transition_gaps"] = await ScalarAsync(database, "SELECT coalesce(max(seq), 0) - count(*) FROM transition"),
            ["kept_aside"] = await ScalarAsync(database, "SELECT count(*) FROM quarantine"),
        };
        ClaimFailedException.Unless(
            lost + wrong + figures["deadlocks"] + figures["deadlocks_seen"] + figures["transition_gaps"] + figures["kept_aside"] == 0 && figures["deliveries_stored"] == unique,
            string.Join(" ", figures.Select(static f => $"{f.Key}={f.Value}")));
        int sent = 2 * (waves - 1) * merges * MergeSignals.GatesPerMerge;
        return [Duel.Once(seconds / sent, alone).Rate($"{processes} processes, each delivery sent to two", "one process, each delivery sent twice", "signals/s", 1, figures)];

        async Task<WaveResult[]> SendAsync(List<StartedNode> to, int wave) =>
            await Task.WhenAll(to.Select(n => n.SendAsync(new Wave((wave * merges) + 1, merges, PerWeek, to.Count, SameOrder: wave % 2 == 0))));
    }

    /// <returns>The seconds for each signal.</returns>
    private static async Task<double> AloneAsync(StartedServer server, int merges)
    {
        string database = await server.Server.CreateDatabaseAsync();
        double seconds = 0;
        await using (var node = StartedNode.Start(database, 0))
            for (int wave = 0; wave < 2; wave++)
            {
                long start = Clock.Start();
                // Of one node every second delivery would be a neighbour's: it gets all, and then all again.
                for (int again = 0; again < 2; again++) await node.SendAsync(new Wave((wave * merges) + 1, merges, PerWeek, 1, SameOrder: again == 0));
                seconds = Clock.Seconds(start);
            }
        await server.Server.DropDatabaseAsync(database);
        return seconds / (2 * merges * MergeSignals.GatesPerMerge);
    }

    /// <summary>Each item beside what an engine in memory makes of its deliveries, in order and each once.</summary>
    private static async Task<(int Lost, int Wrong)> CompareAsync(string database, int items)
    {
        int lost = 0, wrong = 0;
        await using var store = new PostgresLoopStore(new PostgresOptions { ConnectionString = database });
        await store.InitializeAsync(default);
        for (int first = 1; first <= items; first += CheckedTogether)
        {
            int count = Math.Min(CheckedTogether, items - first + 1);
            var expected = await IngestRun.RunAsync(static () => new InMemoryLoopStore(), [.. Enumerable.Range(first, count).SelectMany(static n => MergeSignals.Of(n, PerWeek))], producers: 1);
            var found = (await store.FindItemsAsync([.. expected.States.Keys], default)).ToDictionary(static i => i.State.Id, static i => StoredJson.Write(i.State), StringComparer.Ordinal);
            ClaimFailedException.Unless(expected.States.Count == count, $"{expected.States.Count} items came of {count} merges.");
            lost += expected.States.Keys.Count(id => !found.ContainsKey(id));
            wrong += found.Count(s => expected.States[s.Key] != s.Value);
        }
        return (lost, wrong);
    }

    private static async Task<double> ScalarAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
#pragma warning disable CA2100 // Constants of this file.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
