using BenchmarkDotNet.Attributes;
using ClosedLoop.Facts;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;
using ClosedLoop.Storage.Sqlite;

namespace ClosedLoop.Benchmarks;

/// <summary>A store's commit of the facts of so many deliveries, on SQLite (a real file, waiting for the disk) beside the store in memory.</summary>
[MemoryDiagnoser]
public class CommitBenchmarks
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("closedloop-bench-");
    private readonly InMemoryLoopStore _memory = new();
    private SqliteLoopStore? _sqlite;
    private StoreCommit _commit = new() { At = default };
    private int _next;

    [Params(1, 64)]
    public int Deliveries { get; set; }

    [GlobalSetup]
    public async Task Setup()
    {
        _sqlite = Open(Path.Combine(_folder.FullName, "record.db"));
        await _sqlite.InitializeAsync(default);
        await _memory.InitializeAsync(default);
    }

    [IterationSetup]
    public void Make()
    {
        int first = _next + 1;
        _next += Deliveries;
        Fact[] facts = [.. Enumerable.Range(first, Deliveries).Select(static n => DeliveryHistory.Of(n)[0])];
        _commit = new StoreCommit
        {
            At = facts[0].OccurredAt,
            Registers = facts,
            Log = [.. facts.Select(static f => new LoggedFact(f, StoredJson.Digest(f), "bench"))],
            Deliveries = [.. facts.Select(static f => new DeliveryId("bench", f.Subject.ToString(), f.OccurredAt))],
        };
    }

    [Benchmark(Baseline = true)]
    public async Task<CommitOutcome> InMemory() => (await _memory.CommitAsync(_commit, default)).Outcome;

    [Benchmark]
    public async Task<CommitOutcome> Sqlite() => (await _sqlite!.CommitAsync(_commit, default)).Outcome;

    [GlobalCleanup]
    public void Cleanup()
    {
        _sqlite?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static SqliteLoopStore Open(string path) => new(new SqliteOptions { Path = path });
}
