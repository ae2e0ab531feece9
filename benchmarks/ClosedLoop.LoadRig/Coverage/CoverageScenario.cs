using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.LoadRig.Sqlite;
using ClosedLoop.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.LoadRig.Coverage;

/// <summary>What one green build costs that releases many waiting items, beside the rows that it writes.</summary>
internal sealed class CoverageScenario : IScenario
{
    private const int PerSubmission = 100;

    public string Name => "coverage";

    public string Summary => "one green build that releases K waiting items, beside the same rows written by hand";

    public IReadOnlyList<Option> Options =>
    [
        new("items", "50,500", "items that wait for the build"),
        new("rounds", "7", "measured rounds"),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log)
    {
        var rows = new List<Row>();
        foreach (int items in arguments.Numbers("items")) rows.Add(await MeasureAsync(items, arguments.Number("rounds"), log));
        return rows;
    }

    private static async Task<Row> MeasureAsync(int items, int rounds, TextWriter log)
    {
        using var folder = new TempFolder();
        string path = folder.File("record.db");
        await log.WriteLineAsync($"{items} items");
        using var recorder = new CommitRecorder(new SqliteLoopStore(new SqliteOptions { Path = path }));
        await using var services = new ServiceCollection().AddClosedLoop(loop => loop.UseStore(_ => recorder)).BuildServiceProvider();
        var queries = services.GetRequiredService<ILoopQueries>();
        var intake = services.GetRequiredService<IIntake>();
        await queries.CountAsync();
        long next = 0;
        List<TwinRow> written = [];
        string copy = "";
        var parts = new List<(double Load, double Scan, double Commit)>();
        var duel = await Duel.RunAsync(rounds, OursAsync, TheirsAsync);
        return duel.Time($"build that releases {items} items", "the same rows by prepared statements on SQLite's C interface, values made beforehand, one transaction, WAL, synchronous=FULL", "ms", 1000, 1, new Dictionary<string, double>
        {
            ["rows"] = written.Count,
            ["loadMs"] = Median(parts, static p => p.Load),
            ["scanMs"] = Median(parts, static p => p.Scan),
            ["commitMs"] = Median(parts, static p => p.Commit),
            ["usPerItem"] = duel.Time("", "", "", 1e6, items).Ours.Median,
        });

        async Task<double> OursAsync()
        {
            await LandAsync();
            copy = folder.File($"copy-{next}.db");
            Copy(path, copy);
            var build = WaitingLine.Submission([WaitingLine.Build(next - 1, WaitingLine.BuiltAt(next - 1))], []);
            int before = recorder.Commits;
            recorder.Reset();
            recorder.Forget();
            long start = Clock.Start();
            var result = await intake.SubmitAsync(build);
            double seconds = Clock.Seconds(start);
            parts.Add((recorder.LoadSeconds, recorder.ScanSeconds, recorder.CommitSeconds));
            ClaimFailedException.Unless(result.Outcome == SubmissionOutcome.Committed && recorder.Commits == before + 1, "the build was not one transaction.");
            int done = (await queries.CountAsync()).Where(static r => r.IsDone).Sum(static r => r.Items);
            ClaimFailedException.Unless(done == next && recorder.Recorded[^1].Items.Count == items, $"{done} of {next} items are done, {recorder.Recorded[^1].Items.Count} by this build.");
            written = StoreRows.Of(recorder.Recorded[0]);
            return seconds;
        }

        // Whichever side comes first, the twin writes what the last of our builds wrote into the file as it was before it.
        Task<double> TheirsAsync()
        {
            string again = folder.File($"twin-{Clock.Start()}.db");
            File.Copy(copy, again);
            using var twin = new RowTwin(again);
            return Task.FromResult(twin.Write([written]));
        }

        async Task LandAsync()
        {
            for (long end = next + items; next < end;)
            {
                var numbers = Enumerable.Range(0, (int)Math.Min(PerSubmission, end - next)).Select(i => next + i).ToList();
                var result = await intake.SubmitAsync(WaitingLine.Submission(numbers.SelectMany(WaitingLine.Item), numbers.Select(WaitingLine.Node)));
                ClaimFailedException.Unless(result is { Outcome: SubmissionOutcome.Committed, Refusals.Count: 0 }, $"landings were not taken: {result.Detail} {string.Join(" ", result.Refusals)}");
                next += numbers.Count;
            }
        }
    }

    private static double Median(List<(double Load, double Scan, double Commit)> parts, Func<(double Load, double Scan, double Commit), double> part) => Spread.Of(parts.Select(part)).Median * 1000;

    private static void Copy(string path, string copy)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO $copy";
        command.Parameters.AddWithValue("$copy", copy);
        command.ExecuteNonQuery();
    }
}
