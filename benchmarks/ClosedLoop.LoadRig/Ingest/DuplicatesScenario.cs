using ClosedLoop.Intake;
using ClosedLoop.LoadRig.History;

namespace ClosedLoop.LoadRig.Ingest;

/// <summary>What a delivery costs that was taken before: sources repeat what they are not sure of, and polls repeat everything.</summary>
internal sealed class DuplicatesScenario : IScenario
{
    public string Name => "duplicates";

    public string Summary => "a delivery that was taken before, on SQLite, beside one that is new";

    public IReadOnlyList<Option> Options =>
    [
        new("merges", "1000", "merges, seven gates each"),
        new("copies", "10", "how often each delivery is sent"),
        new("producers", "64", "how many send at the same time, each waiting for its acknowledgement"),
        new("rounds", "5", "measured rounds"),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log)
    {
        int copies = arguments.Number("copies"), producers = arguments.Number("producers"), rounds = arguments.Number("rounds");
        if (copies < 2) throw new ArgumentException("--copies is 2 or more: one is new, the others are duplicates.");
        var inOrder = MergeSignals.InOrder(arguments.Number("merges"));
        Submission[] fresh = MergeSignals.Shuffled(inOrder, 1), repeated = MergeSignals.Shuffled(inOrder, copies - 1), mixed = MergeSignals.Shuffled(inOrder, copies);
        var freshSeconds = new List<double>();
        var mixedSeconds = new List<double>();
        var duel = await Duel.RunAsync(
            rounds,
            async () =>
            {
                using var folder = new TempFolder();
                await using var record = await OpenRecord.CreateAsync(folder.File("record.db"));
                await SendAsync(record, fresh, producers, fresh.Length);
                return await SendAsync(record, repeated, producers, 0) / repeated.Length;
            },
            async () =>
            {
                using (var folder = new TempFolder())
                    await using (var record = await OpenRecord.CreateAsync(folder.File("record.db")))
                        mixedSeconds.Add(await SendAsync(record, mixed, producers, fresh.Length));
                using (var folder = new TempFolder())
                {
                    await using var record = await OpenRecord.CreateAsync(folder.File("record.db"));
                    freshSeconds.Add(await SendAsync(record, fresh, producers, fresh.Length));
                }
                return freshSeconds[^1] / fresh.Length;
            });
        // What the repetitions add where they come among the new ones, as in 'ingest --copies 10' beside '--copies 1'.
        var among = freshSeconds.Zip(mixedSeconds).TakeLast(rounds).Select(s => (s.Second - s.First) / repeated.Length / (s.First / fresh.Length)).ToList();
        var figures = new Dictionary<string, double> { ["fresh"] = fresh.Length, ["duplicates"] = repeated.Length };
        var row = duel.Time($"a duplicate, {copies} copies, {producers} producers", "a delivery that is new", "us/signal", 1e6, 1, figures);
        figures["duplicate_us"] = row.Ours.Median;
        figures["fresh_us"] = row.Theirs.Median;
        figures["duplicate_share"] = row.TimeRatio.Median;
        figures["duplicate_share_max"] = row.TimeRatio.Max;
        figures["duplicate_share_among_fresh"] = Spread.Of(among).Median;
        return [row];
    }

    private static async Task<double> SendAsync(OpenRecord record, Submission[] signals, int producers, int expectedFresh)
    {
        int taken = 0;
        long start = Clock.Start();
        await Producers.EachAsync(producers, signals.Length, SubmitAsync);
        double seconds = Clock.Seconds(start);
        ClaimFailedException.Unless(taken == expectedFresh, $"{taken} deliveries were new, and not {expectedFresh}.");
        return seconds;

        async Task SubmitAsync(int i)
        {
            var result = await record.Intake.SubmitAsync(signals[i]);
            ClaimFailedException.Unless(result is { Outcome: SubmissionOutcome.Committed or SubmissionOutcome.Duplicate, Refusals: [] }, $"a delivery was not taken: {result.Detail}");
            if (result.Outcome == SubmissionOutcome.Committed) Interlocked.Increment(ref taken);
        }
    }
}
