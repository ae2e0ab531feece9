using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.Storage;

namespace ClosedLoop.LoadRig.History;

/// <summary>A SQLite file with a history, and what is measured on it.</summary>
internal sealed class RecordFile : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly OpenRecord _record;
    private readonly RecordFill _fill;
    private int _last;
    private DateTimeOffset _claimAt = TimeProvider.System.GetUtcNow().AddYears(3);

    private RecordFile(TempFolder folder, OpenRecord record, RecordFill fill, double fillSeconds) => (_folder, _record, _fill, FillSeconds, _last) = (folder, record, fill, fillSeconds, fill.Total);

    public double FillSeconds { get; }

    /// <summary>The file and its log.</summary>
    public long Bytes => new DirectoryInfo(_folder.Path).EnumerateFiles().Sum(static f => f.Length);

    public static async Task<RecordFile> CreateAsync(RecordFill fill)
    {
        var folder = new TempFolder();
        try
        {
            string path = folder.File("record.db");
            double seconds = await fill.WriteAsync(path);
            var record = await OpenRecord.CreateAsync(path);
            var board = await record.Queries.CountAsync();
            ClaimFailedException.Unless(board.Where(static r => r.IsDone).Sum(static r => r.Items) == fill.Completed, "the board does not count the completed items.");
            ClaimFailedException.Unless(board.Where(static r => !r.IsDone).Sum(static r => r.Items) == fill.Open, "the board does not count the open items.");
            return new RecordFile(folder, record, fill, seconds);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Sends fresh merges, each producer waiting for each acknowledgement.</summary>
    public async Task<double> IntakeAsync(int merges, int producers)
    {
        int first = _last + 1;
        _last += merges;
        long start = Clock.Start();
        await _record.TakeAsync(first, merges, MergeSignals.GatesPerMerge, _fill.PerWeek, producers, wait: true);
        return Clock.Seconds(start);
    }

    /// <summary>Claims every due row, by hundreds. The leases of the last time have run out by then.</summary>
    public async Task<(double Seconds, int Rows)> ClaimAsync()
    {
        _claimAt = _claimAt.AddHours(1);
        int rows = 0;
        long start = Clock.Start();
        for (int claimed = 1; claimed > 0; rows += claimed)
            claimed = (await _record.Store.ClaimDueAsync(new ClaimRequest { Now = _claimAt, Lease = TimeSpan.FromMinutes(1), Limit = 100 }, default)).Count;
        return (Clock.Seconds(start), rows);
    }

    public async Task<double> BoardAsync(int repeats)
    {
        long start = Clock.Start();
        for (int i = 0; i < repeats; i++) ClaimFailedException.Unless((await _record.Queries.CountAsync()).Sum(static r => r.Items) >= _fill.Completed, "the board lacks items.");
        return Clock.Seconds(start);
    }

    /// <summary>What the clocks and the alerts ask: when is the next row due, and which items are late.</summary>
    public async Task<double> DueAsync(int repeats, int open)
    {
        var query = new ItemQuery { OverdueAt = _claimAt, Limit = 50 };
        long start = Clock.Start();
        for (int i = 0; i < repeats; i++)
        {
            await _record.Store.NextWakeAsync(default);
            ClaimFailedException.Unless((await _record.Store.QueryItemsAsync(query, default)).Items.Count == Math.Min(50, open), "the late items are not found.");
        }
        return Clock.Seconds(start);
    }

    public async ValueTask DisposeAsync()
    {
        await _record.DisposeAsync();
        _folder.Dispose();
    }
}
