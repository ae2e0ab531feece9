using ClosedLoop.Intake;
using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.LoadRig.Peer;

/// <summary>Our intake beside a general state machine of .NET's most used message bus, both in memory, with the same signals in the same order.</summary>
internal sealed class PeerScenario : IScenario
{
    public string Name => "peer";

    public string Summary => "the signals of 'ingest' in memory, beside a MassTransit saga of seven states, cold and warmed, and how many items ended right";

    public IReadOnlyList<Option> Options =>
    [
        new("merges", "1000", "merges, seven gates each"),
        new("copies", "1,3", "how often each delivery is sent, in random order; the last one also cold"),
        new("producers", "64", "how many send to our intake at the same time, each waiting for its acknowledgement"),
        new("publishers", "1", "how many publish to the peer; with one its order is exact"),
        new("rounds", "3", "measured rounds"),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log)
    {
        int merges = arguments.Number("merges"), producers = arguments.Number("producers"), publishers = arguments.Number("publishers"), rounds = arguments.Number("rounds");
        var copies = arguments.Numbers("copies");
        var inOrder = MergeSignals.InOrder(merges);
        var places = MergeSignals.Places(inOrder);
        // Before anything else of either side has run in this process.
        await log.WriteLineAsync($"cold, {copies[^1]} copies");
        var coldSignals = MergeSignals.Shuffled(inOrder, copies[^1]);
        var coldMessages = Messages(coldSignals);
        double ourCold = (await OursAsync(coldSignals)).Seconds, theirCold = (await PeerRun.RunAsync(coldMessages, publishers, warmed: false)).Seconds;

        var expected = await IngestRun.RunAsync(static () => new InMemoryLoopStore(), inOrder, producers: 1);
        ClaimFailedException.Unless(expected.States.Values.Count(static json => StoredJson.ReadState(json).IsDone) == merges, "not every merge is done in order.");
        var rows = new List<Row> { await MeasureAsync("in order, 1 copy", inOrder) };
        foreach (int times in copies) rows.Add(await MeasureAsync($"shuffled, copies: {times}", MergeSignals.Shuffled(inOrder, times)));
        var last = new Dictionary<string, double>(rows[^1].More)
        {
            ["cold_signals_per_s"] = coldSignals.Length / ourCold,
            ["cold_peer_per_s"] = coldMessages.Count / theirCold,
            ["ratio_cold"] = theirCold / ourCold,
        };
        rows[^1] = rows[^1] with { More = last };
        return rows;

        Task<IngestRun> OursAsync(IReadOnlyList<Submission> signals) => IngestRun.RunAsync(static () => new InMemoryLoopStore(), signals, producers);

        List<PeerSignal> Messages(IEnumerable<Submission> signals)
        {
            Guid[] items = [.. Enumerable.Range(0, merges + 1).Select(static _ => Guid.NewGuid())];
            return [.. signals.Select(s => PeerSignal.Of(places[s.DeliveryId!].Gate, items[places[s.DeliveryId!].Merge]))];
        }

        async Task<Row> MeasureAsync(string @case, IReadOnlyList<Submission> signals)
        {
            await log.WriteLineAsync(@case);
            var messages = Messages(signals);
            IngestRun? ours = null;
            PeerRun? theirs = null;
            int right = merges, peerRight = merges;
            var duel = await Duel.RunAsync(
                rounds,
                async () =>
                {
                    ours = await OursAsync(signals);
                    right = Math.Min(right, ours.States.Count(s => expected.States.GetValueOrDefault(s.Key) == s.Value));
                    return ours.Seconds;
                },
                async () =>
                {
                    theirs = await PeerRun.RunAsync(messages, publishers, warmed: true);
                    peerRight = Math.Min(peerRight, theirs.Completed);
                    return theirs.Seconds;
                });
            var figures = new Dictionary<string, double> { ["signals"] = signals.Count, ["items"] = merges };
            var row = duel.Rate(@case, "MassTransit 8.5.12: in-memory transport and saga repository, seven states, warmed", "signals/s", signals.Count, figures);
            figures["signals_per_s"] = row.Ours.Median;
            figures["peer_per_s"] = row.Theirs.Median;
            // As a multiple of the peer's rate: 1 is as fast as the peer.
            figures["ratio_warm"] = 1 / row.TimeRatio.Median;
            figures["right"] = right;
            figures["peer_right"] = peerRight;
            figures["peer_faults"] = theirs!.Faults;
            figures["alloc_bytes_per_signal"] = (double)ours!.AllocatedBytes / signals.Count;
            figures["peer_alloc_bytes_per_signal"] = (double)theirs.AllocatedBytes / signals.Count;
            return row;
        }
    }
}
