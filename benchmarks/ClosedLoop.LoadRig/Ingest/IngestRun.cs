using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.LoadRig.Sqlite;
using ClosedLoop.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.LoadRig.Ingest;

/// <summary>Sends deliveries through the public intake; a producer waits for its acknowledgement before it takes the next one.</summary>
internal sealed class IngestRun
{
    public required double Seconds { get; init; }

    public required double LoadSeconds { get; init; }

    public required double ReadsPerCommit { get; init; }

    public required double CommitSeconds { get; init; }

    /// <summary>This process's own processor time, all threads; a server's is not in it.</summary>
    public required double ProcessorSeconds { get; init; }

    /// <summary>The server's, while it took the deliveries; 0 without one.</summary>
    public required double ServerSeconds { get; init; }

    public required long AllocatedBytes { get; init; }

    public required IReadOnlyList<double> AckSeconds { get; init; }

    /// <summary>What was committed, for the twin.</summary>
    public required IReadOnlyList<StoreCommit> Commits { get; init; }

    /// <summary>Each item's state as stored.</summary>
    public required IReadOnlyDictionary<string, string> States { get; init; }

    /// <summary>One digest of all states: two runs of the same deliveries have the same.</summary>
    public string StateHash
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var (id, json) in States.OrderBy(static s => s.Key, StringComparer.Ordinal)) hash.AppendData(Encoding.UTF8.GetBytes($"{id}\n{json}\n"));
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    public static async Task<IngestRun> RunAsync(Func<ILoopStore> create, IReadOnlyList<Submission> signals, int producers, Func<double>? serverSeconds = null)
    {
        using var store = new CommitRecorder(create());
        await using var services = new ServiceCollection()
            .AddClosedLoop(loop => loop.UseStore(_ => store).AddAdapter(static _ => SilentSource.Registration()))
            .BuildServiceProvider();
        var queries = services.GetRequiredService<ILoopQueries>();
        await queries.CountAsync();
        store.Forget();
        store.Reset();
        var intake = services.GetRequiredService<IIntake>();
        double[] waits = new double[signals.Count];
        double server = serverSeconds?.Invoke() ?? 0;
        var processor = Environment.CpuUsage.TotalTime;
        long allocated = GC.GetTotalAllocatedBytes(), start = Clock.Start();
        await Producers.EachAsync(producers, signals.Count, SubmitAsync);
        double seconds = Clock.Seconds(start);
        double processorSeconds = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
        return new IngestRun
        {
            Seconds = seconds,
            ProcessorSeconds = processorSeconds,
            ServerSeconds = (serverSeconds?.Invoke() ?? 0) - server,
            AllocatedBytes = GC.GetTotalAllocatedBytes() - allocated,
            LoadSeconds = store.LoadSeconds + store.ScanSeconds,
            ReadsPerCommit = (double)store.Reads / Math.Max(store.Recorded.Count, 1),
            CommitSeconds = store.CommitSeconds,
            AckSeconds = waits,
            Commits = [.. store.Recorded],
            States = await StatesAsync(store),
        };

        async Task SubmitAsync(int i)
        {
            long sent = Clock.Start();
            var result = await intake.SubmitAsync(signals[i]);
            waits[i] = Clock.Seconds(sent);
            ClaimFailedException.Unless(result is { Outcome: SubmissionOutcome.Committed or SubmissionOutcome.Duplicate, Refusals: [] }, $"a delivery was not taken: {result.Detail} {string.Join(" ", result.Refusals)}");
        }
    }

    private static async Task<Dictionary<string, string>> StatesAsync(CommitRecorder store)
    {
        var states = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var page in store.PagesAsync(new ItemQuery { Limit = 500 }, default))
            foreach (var item in page)
                states[item.State.Id] = StoredJson.Write(item.State);
        return states;
    }
}
