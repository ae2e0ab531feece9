using System.Globalization;
using ClosedLoop.Storage.Sqlite;
using ClosedLoop.Testing.Time;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.LoadRig.Board;

/// <summary>Every query of the dashboard on one SQLite file with many open and many more completed items.</summary>
internal sealed class BoardScenario : IScenario
{
    private const int WarmUps = 5;
    private const double MostTwinMilliseconds = 10_000;

    public string Name => "board";

    public string Summary => "p50 and p99 of every query of the dashboard with N open and M completed items on SQLite, each beside plain SQL on the same file";

    public IReadOnlyList<Option> Options =>
    [
        new("open", "100000", "open items"),
        new("completed", "5000000", "completed items"),
        new("calls", "300", "measured calls of each query"),
        new("dir", "", "a folder to keep the file in; one that is there is measured again. Default: a temporary folder"),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log)
    {
        int open = arguments.Number("open"), completed = arguments.Number("completed"), calls = arguments.Number("calls");
        using var folder = arguments.Text("dir").Length == 0 ? new TempFolder() : null;
        string path = Path.Combine(folder?.Path ?? arguments.Text("dir"), string.Create(CultureInfo.InvariantCulture, $"board-{open}-{completed}.db"));
        string unfinished = path + ".filling";
        if (!File.Exists(path))
        {
            foreach (string file in new[] { unfinished, unfinished + "-wal", unfinished + "-shm" }) File.Delete(file);
            await log.WriteLineAsync($"filling a file with {open} open and {completed} completed items");
            long start = Clock.Start();
            using (var store = new SqliteLoopStore(new SqliteOptions { Path = unfinished }))
            {
                await store.InitializeAsync(default);
                await BoardFill.WriteAsync(store, open, completed, log);
            }
            File.Move(unfinished, path);
            await log.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"filled in {Clock.Seconds(start):N0} s: {new FileInfo(path).Length / 1e9:N1} GB"));
        }
        using var measured = new SqliteLoopStore(new SqliteOptions { Path = path });
        // Some of the open items are overdue, and most are not.
        var now = new BoardItem(completed + Math.Max(1, open / 20), completed: false).OpenedAt.AddHours(1);
        await using var services = BoardFill.Host(measured, new ManualTimeProvider(now));
        var queries = new BoardQueries(services, open, completed, now);
        using var plain = new PlainReader(path);
        await queries.PrepareAsync();
        var rows = new List<Row>();
        var p99 = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, ours, twin) in queries.All())
        {
            var (our, their) = (new List<double>(), new List<double>());
            for (int i = -WarmUps; i < calls; i++)
            {
                // Plain SQL that goes through millions of rows is measured as long as it tells something new.
                bool isTwinsTurn = i % 10 == 0 && (their.Count < 3 || their.Sum() < MostTwinMilliseconds);
                double ourSeconds = await OursAsync(name, ours, Math.Abs(i)), theirSeconds = isTwinsTurn ? Theirs(plain, twin(Math.Abs(i))) : double.NaN;
                if (i < 0) continue;
                our.Add(ourSeconds * 1000);
                if (!double.IsNaN(theirSeconds)) their.Add(theirSeconds * 1000);
            }
            p99[name] = Spread.Percentile(our, 99);
            var (ourSpread, theirSpread) = (Spread.Of(our), Spread.Of(their));
            rows.Add(new Row(name, twin(0), "ms", ourSpread, theirSpread, Spread.Of([ourSpread.Median / theirSpread.Median]), new Dictionary<string, double>
            {
                ["p50_ms"] = ourSpread.Median,
                ["p99_ms"] = p99[name],
                ["twin_p50_ms"] = theirSpread.Median,
                ["twin_p99_ms"] = Spread.Percentile(their, 99),
            }));
            await log.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name}: p50 {ourSpread.Median:0.00} ms, p99 {p99[name]:0.00} ms"));
        }
        var slowest = p99.Where(static p => p.Key != BoardQueries.TextInClosed).MaxBy(static p => p.Value);
        rows.Add(rows[^1] with
        {
            Case = $"slowest at p99: {slowest.Key}",
            More = new Dictionary<string, double>(p99.Select(static p => KeyValuePair.Create($"p99_ms {p.Key}", p.Value))) { ["p99_ms"] = slowest.Value, ["open"] = open, ["completed"] = completed, ["calls"] = calls, ["file_gb"] = new FileInfo(path).Length / 1e9 },
        });
        return rows;
    }

    private static async Task<double> OursAsync(string name, Func<int, Task<bool>> query, int i)
    {
        long start = Clock.Start();
        bool asExpected = await query(i);
        double seconds = Clock.Seconds(start);
        ClaimFailedException.Unless(asExpected, $"{name} is not what it should be.");
        return seconds;
    }

    private static double Theirs(PlainReader plain, string sql)
    {
        long start = Clock.Start();
        plain.ReadOnce(sql);
        return Clock.Seconds(start);
    }
}
