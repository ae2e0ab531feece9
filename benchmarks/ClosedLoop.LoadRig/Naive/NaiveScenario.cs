using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.Storage.InMemory;
using ClosedLoop.Storage.Sqlite;

namespace ClosedLoop.LoadRig.Naive;

/// <summary>Our intake beside the watcher that one would write first, both on SQLite, with the same signals.</summary>
internal sealed class NaiveScenario : IScenario
{
    public string Name => "naive";

    public string Summary => "the signals of 'ingest' on SQLite, beside one autocommitted UPDATE of the item's row for each of them";

    public IReadOnlyList<Option> Options =>
    [
        new("journal", "delete,wal", "the watcher's journal; SQLite's default is delete"),
        new("merges", "1000", "merges, seven gates each"),
        new("copies", "3", "how often each delivery is sent"),
        new("producers", "64", "how many send to our intake at the same time, each waiting for its acknowledgement"),
        new("rounds", "3", "measured rounds"),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log)
    {
        int merges = arguments.Number("merges");
        var inOrder = MergeSignals.InOrder(merges);
        var signals = MergeSignals.Shuffled(inOrder, arguments.Number("copies"));
        var places = MergeSignals.Places(inOrder);
        List<NaiveEvent> events = [.. signals.Select(s => new NaiveEvent($"BL-{places[s.DeliveryId!].Merge}", places[s.DeliveryId!].Gate, s.ReceivedAt.UtcTicks))];
        var expected = await IngestRun.RunAsync(static () => new InMemoryLoopStore(), inOrder, producers: 1);
        var rows = new List<Row>();
        double ofDefault = 0;
        foreach (string journal in arguments.Text("journal").Split(','))
        {
            if (journal is not ("delete" or "wal")) throw new ArgumentException($"--journal knows no '{journal}'; use delete or wal.");
            await log.WriteLineAsync($"journal {journal}");
            int lost = 0, wrong = 0;
            var duel = await Duel.RunAsync(arguments.Number("rounds"), OursAsync, () => Task.FromResult(Naive(journal)));
            var figures = new Dictionary<string, double> { ["signals"] = signals.Length, ["lost"] = lost, ["wrong"] = wrong };
            var row = duel.Rate($"journal {journal}", "new connection (pooled) and new command for each event, UPDATE items SET gate WHERE id, autocommit", "signals/s", signals.Length, figures);
            figures["signals_per_s"] = row.Ours.Median;
            figures["naive_per_s"] = row.Theirs.Median;
            figures["speedup"] = 1 / row.TimeRatio.Median;
            if (journal == "delete") ofDefault = figures["speedup"];
            else if (ofDefault > 0) figures["speedup_over_default_journal"] = ofDefault;
            rows.Add(row);

            async Task<double> OursAsync()
            {
                using var folder = new TempFolder();
                var run = await IngestRun.RunAsync(() => new SqliteLoopStore(new SqliteOptions { Path = folder.File("record.db") }), signals, arguments.Number("producers"));
                lost = Math.Max(lost, expected.States.Keys.Count(id => !run.States.ContainsKey(id)));
                wrong = Math.Max(wrong, run.States.Count(s => expected.States.GetValueOrDefault(s.Key) != s.Value));
                return run.Seconds;
            }
        }
        return rows;

        double Naive(string journal)
        {
            using var folder = new TempFolder();
            var watcher = new NaiveWatcher(folder.File("naive.db"), journal, merges);
            double seconds = watcher.Take(events);
            ClaimFailedException.Unless(watcher.Complete() == merges, "the watcher has not seen every gate.");
            return seconds;
        }
    }
}
