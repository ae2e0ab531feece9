using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.Storage;
using ClosedLoop.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.LoadRig.History;

/// <summary>A SQLite file with a history that the intake itself has made: every row of a completed item is as it leaves them.</summary>
internal sealed class RecordFile : IAsyncDisposable
{
    private const int FillProducers = 128;
    private const int OpenGates = 3;

    private readonly TempFolder _folder = new();
    private readonly SqliteLoopStore _store;
    private readonly ServiceProvider _services;
    private readonly ILoopQueries _queries;
    private readonly IIntake _intake;
    private readonly int _completed;
    private int _last;
    private DateTimeOffset _claimAt = TimeProvider.System.GetUtcNow().AddYears(1);

    private RecordFile(int completed)
    {
        _completed = completed;
        _store = new SqliteLoopStore(new SqliteOptions { Path = _folder.File("record.db") });
        _services = new ServiceCollection()
            .AddClosedLoop(loop => loop.UseStore(_ => _store).AddAdapter(static _ => SilentSource.Registration()))
            .BuildServiceProvider();
        _queries = _services.GetRequiredService<ILoopQueries>();
        _intake = _services.GetRequiredService<IIntake>();
    }

    public double FillSeconds { get; private set; }

    /// <summary>The file and its log.</summary>
    public long Bytes => new DirectoryInfo(_folder.Path).EnumerateFiles().Sum(static f => f.Length);

    public static async Task<RecordFile> CreateAsync(int completed, int open)
    {
        var file = new RecordFile(completed);
        await file._queries.CountAsync();
        long start = Clock.Start();
        // The open ones are the oldest, so that finding them among what is done would cost something.
        await file.TakeAsync(open, OpenGates, FillProducers, wait: false);
        await file.TakeAsync(completed, MergeSignals.GatesPerMerge, FillProducers, wait: false);
        file.FillSeconds = Clock.Seconds(start);
        var board = await file._queries.CountAsync();
        ClaimFailedException.Unless(board.Where(static r => r.IsDone).Sum(static r => r.Items) == completed, "the board does not count the completed items.");
        ClaimFailedException.Unless(board.Where(static r => !r.IsDone).Sum(static r => r.Items) == open, "the board does not count the open items.");
        return file;
    }

    /// <summary>Sends fresh merges, each producer waiting for each acknowledgement.</summary>
    public async Task<double> IntakeAsync(int merges, int producers)
    {
        long start = Clock.Start();
        await TakeAsync(merges, MergeSignals.GatesPerMerge, producers, wait: true);
        return Clock.Seconds(start);
    }

    /// <summary>Claims every due row, by hundreds. The leases of the last time have run out by then.</summary>
    public async Task<(double Seconds, int Rows)> ClaimAsync()
    {
        _claimAt = _claimAt.AddHours(1);
        int rows = 0;
        long start = Clock.Start();
        for (int claimed = 1; claimed > 0; rows += claimed)
            claimed = (await _store.ClaimDueAsync(new ClaimRequest { Now = _claimAt, Lease = TimeSpan.FromMinutes(1), Limit = 100 }, default)).Count;
        return (Clock.Seconds(start), rows);
    }

    public async Task<double> BoardAsync(int repeats)
    {
        long start = Clock.Start();
        for (int i = 0; i < repeats; i++) ClaimFailedException.Unless((await _queries.CountAsync()).Sum(static r => r.Items) >= _completed, "the board lacks items.");
        return Clock.Seconds(start);
    }

    /// <summary>What the clocks and the alerts ask: when is the next row due, and which items are late.</summary>
    public async Task<double> DueAsync(int repeats, int open)
    {
        var query = new ItemQuery { OverdueAt = _claimAt, Limit = 50 };
        long start = Clock.Start();
        for (int i = 0; i < repeats; i++)
        {
            await _store.NextWakeAsync(default);
            ClaimFailedException.Unless((await _store.QueryItemsAsync(query, default)).Items.Count == Math.Min(50, open), "the late items are not found.");
        }
        return Clock.Seconds(start);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _store.Dispose();
        _folder.Dispose();
    }

    private async Task TakeAsync(int merges, int gates, int producers, bool wait)
    {
        int next = _last;
        _last += merges;
        await Task.WhenAll(Enumerable.Range(0, producers).Select(_ => Task.Run(SubmitAsync)));

        async Task SubmitAsync()
        {
            for (int number = Interlocked.Increment(ref next); number <= _last; number = Interlocked.Increment(ref next))
            {
                // As if there were 1,000 merges a week.
                var signals = MergeSignals.Of(number, 1000).Take(gates);
                if (wait)
                    foreach (var signal in signals) Check(await _intake.SubmitAsync(signal));
                else
                    foreach (var result in await Task.WhenAll(signals.Select(s => _intake.SubmitAsync(s).AsTask()))) Check(result);
            }
        }

        static void Check(SubmissionResult result) =>
            ClaimFailedException.Unless(result is { Outcome: SubmissionOutcome.Committed, Refusals: [] }, $"a delivery was not taken: {result.Detail} {string.Join(" ", result.Refusals)}");
    }
}
