using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.LoadRig.History;

/// <summary>A SQLite file with the library on it, as an application has it.</summary>
internal sealed class OpenRecord : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private OpenRecord(string path)
    {
        Store = new SqliteLoopStore(new SqliteOptions { Path = path });
        _services = new ServiceCollection()
            .AddClosedLoop(loop => loop.UseStore(_ => Store).AddAdapter(static _ => SilentSource.Registration()))
            .BuildServiceProvider();
        Queries = _services.GetRequiredService<ILoopQueries>();
        Intake = _services.GetRequiredService<IIntake>();
    }

    public SqliteLoopStore Store { get; }

    public ILoopQueries Queries { get; }

    public IIntake Intake { get; }

    public static async Task<OpenRecord> CreateAsync(string path)
    {
        var record = new OpenRecord(path);
        await record.Queries.CountAsync();
        return record;
    }

    /// <summary>Sends the first deliveries of merges.</summary>
    /// <param name="first">The first merge.</param>
    /// <param name="merges">How many.</param>
    /// <param name="gates">How many deliveries of each.</param>
    /// <param name="perWeek">How many merges there are a week.</param>
    /// <param name="producers">How many send at the same time.</param>
    /// <param name="wait">Whether each waits for each acknowledgement, or for all of a merge together.</param>
    public async Task TakeAsync(int first, int merges, int gates, int perWeek, int producers, bool wait)
    {
        await Producers.EachAsync(producers, merges, SubmitAsync);

        async Task SubmitAsync(int i)
        {
            var signals = MergeSignals.Of(first + i, perWeek).Take(gates);
            if (wait)
                foreach (var signal in signals) Check(await Intake.SubmitAsync(signal));
            else
                foreach (var result in await Task.WhenAll(signals.Select(s => Intake.SubmitAsync(s).AsTask()))) Check(result);
        }

        static void Check(SubmissionResult result) =>
            ClaimFailedException.Unless(result is { Outcome: SubmissionOutcome.Committed, Refusals: [] }, $"a delivery was not taken: {result.Detail} {string.Join(" ", result.Refusals)}");
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Store.Dispose();
    }
}
