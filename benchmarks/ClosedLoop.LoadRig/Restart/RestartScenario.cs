using System.Diagnostics;
using ClosedLoop.LoadRig.History;

namespace ClosedLoop.LoadRig.Restart;

/// <summary>How long the work stands still when the process is started again on a big record with much due.</summary>
internal sealed class RestartScenario : IScenario
{
    public string Name => "restart";

    public string Summary => "a new process on a SQLite file with many items and much due, until the engine has its first due rows, beside the same on a small file";

    public IReadOnlyList<Option> Options =>
    [
        new("items", "1000000", "items, open and completed"),
        new("due", "100000", "due rows, all of them late"),
        new("rounds", "5", "starts"),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log)
    {
        int items = arguments.Number("items"), rounds = arguments.Number("rounds");
        int perMerge = (await MergeRows.LearnAsync(RecordFill.OpenGates)).Due;
        // One due row is the source's own.
        int open = (arguments.Number("due") + perMerge - 1) / perMerge;
        if (open >= items) throw new ArgumentException($"--due {arguments.Number("due")} needs {open} open items; give more --items.");
        var fill = new RecordFill(items - open, open, RecordFill.RateFor(items), Copies: true);
        using var folder = new TempFolder();
        string large = folder.File("large.db"), small = folder.File("small.db");
        await log.WriteLineAsync($"filling a file with {items} items, {open} of them open");
        double fillSeconds = await fill.WriteAsync(large);
        await new RecordFill(9, 1, fill.PerWeek, Copies: false).WriteAsync(small);
        await log.WriteLineAsync($"  {fillSeconds:F0} s, {new FileInfo(large).Length} bytes");
        int due = MakeDue(large), few = MakeDue(small);
        ClaimFailedException.Unless(due >= arguments.Number("due") && few > 0, $"{due} rows are due.");

        var starts = new List<Restarted>();
        var colds = new List<Restarted>();
        var duel = await Duel.RunAsync(rounds, async () =>
        {
            MakeDue(large);
            Forget(large);
            colds.Add(await RestartedProcess.StartAsync(large));
            MakeDue(large);
            starts.Add(await RestartedProcess.StartAsync(large));
            return starts[^1].ClaimSeconds;
        }, async () =>
        {
            MakeDue(small);
            return (await RestartedProcess.StartAsync(small)).ClaimSeconds;
        });
        var figures = new Dictionary<string, double>
        {
            ["items"] = items,
            ["due"] = due,
            ["open_ms"] = Median(starts, static s => s.OpenSeconds),
            ["first_claim_ms"] = Median(starts, static s => s.ClaimSeconds),
            ["first_claim_max_ms"] = starts.Max(static s => s.ClaimSeconds) * 1000,
            ["cold_open_ms"] = Median(colds, static s => s.OpenSeconds),
            ["cold_first_claim_ms"] = Median(colds, static s => s.ClaimSeconds),
            ["cold_first_claim_max_ms"] = colds.Max(static s => s.ClaimSeconds) * 1000,
            ["since_process_start_ms"] = Median(starts, static s => s.SinceStartSeconds),
            ["first_rows"] = starts[^1].Rows,
            ["fill_seconds"] = fillSeconds,
            ["file_bytes"] = new FileInfo(large).Length,
        };
        return [duel.Time($"{items} items, {due} due rows", "the same on a file with 10 items", "ms", 1000, 1, figures)];

        double Median(List<Restarted> of, Func<Restarted, double> seconds) => Spread.Of(of.TakeLast(rounds).Select(seconds)).Median * 1000;
    }

    // As after a night: all of it late, and nobody's.
    private static int MakeDue(string path)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE due SET due_at = min(due_at, $late), lease_until = NULL WHERE due_at > $late OR lease_until IS NOT NULL; SELECT count(*) FROM due WHERE due_at <= $late";
        command.Parameters.AddWithValue("$late", TimeProvider.System.GetUtcNow().AddHours(-8).UtcTicks);
        return (int)(long)command.ExecuteScalar()!;
    }

    /// <summary>The kernel gives up what it holds of the file, as after a restart of the machine.</summary>
    private static void Forget(string path)
    {
        using var process = Process.Start(new ProcessStartInfo("dd", [$"of={path}", "oflag=nocache", "conv=notrunc,fdatasync", "count=0"]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        ClaimFailedException.Unless(process.ExitCode == 0, "the file could not be dropped from the kernel's cache.");
    }
}
