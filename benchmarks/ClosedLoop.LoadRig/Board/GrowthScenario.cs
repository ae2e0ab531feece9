using ClosedLoop.Benchmarks;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.LoadRig.Sqlite;
using ClosedLoop.Storage;
using ClosedLoop.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.LoadRig.Board;

/// <summary>Whether board, lists, status and intake slow down as completed history grows (guarantee G7).</summary>
internal sealed class GrowthScenario : IScenario
{
    private const int OpenItems = 200;

    public string Name => "growth";

    public string Summary => "board, lists, one status and the intake of one item after K completed items, beside plain SQL on the same file";

    public IReadOnlyList<Option> Options =>
    [
        new("items", "1000,10000,50000", "completed items in the file"),
        new("repeats", "20", "reads per round"),
        new("rounds", "7", "measured rounds"),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log)
    {
        var rows = new List<Row>();
        foreach (int completed in arguments.Numbers("items")) rows.AddRange(await MeasureAsync(completed, arguments, log));
        return [.. rows.OrderBy(static r => r.Case, StringComparer.Ordinal)];
    }

    private static async Task<IReadOnlyList<Row>> MeasureAsync(int completed, Arguments arguments, TextWriter log)
    {
        using var folder = new TempFolder();
        string path = folder.File("record.db");
        var store = new SqliteLoopStore(new SqliteOptions { Path = path });
        await using var services = new ServiceCollection()
            .AddClosedLoop(loop => loop.UseStore(_ => store).AddAdapter(static _ => SilentSource.Registration()))
            .BuildServiceProvider();
        var queries = services.GetRequiredService<ILoopQueries>();
        var loop = services.GetRequiredService<IClosedLoop>();
        var intake = services.GetRequiredService<IIntake>();
        await queries.CountAsync();
        await log.WriteLineAsync($"filling the file with {completed} completed items");
        await CompletedHistory.FillAsync(store, OpenItems, completed);
        var board = await queries.CountAsync();
        ClaimFailedException.Unless(board.Where(static r => r.IsDone).Sum(static r => r.Items) == completed, "the board does not count the completed items.");
        using var plain = new PlainReader(path);
        int repeats = arguments.Number("repeats"), rounds = arguments.Number("rounds"), number = 10_000_000;
        return
        [
            await ReadAsync("board", async () => (await queries.CountAsync()).Count > 0, PlainReader.Board),
            await ReadAsync("list of open items", async () => (await queries.ListAsync(new ItemQuery { IsDone = false })).Items.Count == 50, PlainReader.Open),
            await ReadAsync("list of all items", async () => (await queries.ListAsync(new ItemQuery())).Items.Count == 50, PlainReader.Newest),
            await ReadAsync("status of one item", async () => await loop.GetStatusAsync("BL-1") is { IsDone: false }, PlainReader.One),
            (await Duel.RunAsync(rounds, TakeOneItemAsync, InsertOneItemAsync))
                .Time($"intake of one item, {completed}", "its nine facts' JSON inserted into an empty file, one commit each", "ms", 1000),
        ];

        async Task<Row> ReadAsync(string name, Func<Task<bool>> read, string sql)
        {
            var duel = await Duel.RunAsync(rounds, OursAsync, TheirsAsync);
            return duel.Time($"{name}, {completed}", sql, "us", 1e6, repeats);

            async Task<double> OursAsync()
            {
                long start = Clock.Start();
                for (int i = 0; i < repeats; i++) ClaimFailedException.Unless(await read(), $"{name} is not what it should be.");
                return Clock.Seconds(start);
            }

            Task<double> TheirsAsync()
            {
                long start = Clock.Start();
                for (int i = 0; i < repeats; i++) ClaimFailedException.Unless(plain.Read(sql) > 0, $"{sql} finds nothing.");
                return Task.FromResult(Clock.Seconds(start));
            }
        }

        async Task<double> TakeOneItemAsync()
        {
            var facts = DeliveryHistory.Of(++number);
            long start = Clock.Start();
            for (int f = 0; f < facts.Count; f++)
                ClaimFailedException.Unless((await intake.SubmitAsync(SilentSource.Delivery([facts[f]], $"{number}.{f}"))).NewFacts == 1, "a delivery was not taken.");
            return Clock.Seconds(start);
        }

        Task<double> InsertOneItemAsync()
        {
            var facts = DeliveryHistory.Of(number);
            using var twin = new RowTwin(folder.File($"twin-{number}-{Clock.Start()}.db"));
            twin.Run("CREATE TABLE fact (subject TEXT NOT NULL, kind TEXT NOT NULL, writer TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (subject, kind, writer)) WITHOUT ROWID");
            return Task.FromResult(twin.Write([.. facts.Select(static f => (IReadOnlyList<TwinRow>)[StoreRows.Fact(f)])]));
        }
    }
}
