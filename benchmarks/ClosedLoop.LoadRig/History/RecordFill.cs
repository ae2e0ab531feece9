using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;
using ClosedLoop.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.LoadRig.History;

/// <summary>Fills a file with open and completed merges: all through the intake, or a few through the intake and the others copied from one of them.</summary>
/// <param name="Completed">Merges that went all the way.</param>
/// <param name="Open">Merges that stand before their build. They are the oldest, so that finding them among what is done would cost something.</param>
/// <param name="PerWeek">How many there are a week.</param>
/// <param name="Copies">Whether most are copied.</param>
internal sealed record RecordFill(int Completed, int Open, int PerWeek, bool Copies)
{
    public const int OpenGates = 3;

    // Enough that whatever the intake keeps once for many merges is there.
    private const int MostByIntake = 2_000;
    private const int Producers = 128;
    private const int Samples = 8;

    public int Total => Completed + Open;

    /// <summary>As if there were 1,000 merges a week; more when they would reach too far into the future.</summary>
    public static int RateFor(int most) => Math.Max(1_000, most / 50);

    /// <returns>The seconds.</returns>
    public async Task<double> WriteAsync(string path)
    {
        long start = Clock.Start();
        int open = ByIntake(Open), completed = ByIntake(Completed);
        await using (var record = await OpenRecord.CreateAsync(path))
        {
            await record.TakeAsync(1, open, OpenGates, PerWeek, Producers, wait: false);
            await record.TakeAsync(open + 1, completed, MergeSignals.GatesPerMerge, PerWeek, Producers, wait: false);
        }
        if (open + completed < Total)
        {
            int firstCompleted = completed + Open + 1;
            await MergeCopier.WriteAsync(path, await MergeRows.LearnAsync(OpenGates), open + completed + 1, Open - open, PerWeek);
            await MergeCopier.WriteAsync(path, await MergeRows.LearnAsync(MergeSignals.GatesPerMerge), firstCompleted, Completed - completed, PerWeek);
            await using var record = await OpenRecord.CreateAsync(path);
            await CheckAsync(record, open + completed + 1, Open - open, OpenGates);
            await CheckAsync(record, firstCompleted, Completed - completed, MergeSignals.GatesPerMerge);
        }
        return Clock.Seconds(start);
    }

    private int ByIntake(int merges) => Copies ? Math.Min(merges, Math.Clamp(merges / 10, 1, MostByIntake)) : merges;

    /// <summary>A copy is as good as what the intake makes: the same state, its deliveries are known, and what comes next has the same effect.</summary>
    private async Task CheckAsync(OpenRecord record, int first, int count, int gates)
    {
        for (int i = 0; i < Math.Min(Samples, count); i++)
        {
            int number = first + (int)((long)(count - 1) * i / Math.Max(1, Samples - 1));
            List<Submission> signals = [.. MergeSignals.Of(number, PerWeek).Take(gates)];
            await EqualAsync("as it is");
            var again = await record.Intake.SubmitAsync(signals[^1]);
            ClaimFailedException.Unless(again.Outcome == SubmissionOutcome.Duplicate, $"a delivery of the copied merge {number} is not known: {again.Outcome}.");
            if (gates < MergeSignals.GatesPerMerge) continue;
            // It falls ill and recovers.
            var healthy = signals[^1].Facts[0];
            foreach (var (status, minutes) in new[] { (GateStatus.Failed, 10), (GateStatus.Passed, 20) })
            {
                var at = healthy.OccurredAt.AddMinutes(minutes);
                signals.Add(SilentSource.Delivery([healthy with { Status = status, OccurredAt = at, Ordinal = Ordinal.At(at) }], $"check {number}.{status}"));
                await record.Intake.SubmitAsync(signals[^1]);
                await EqualAsync($"after {status}");
            }

            async Task EqualAsync(string when)
            {
                var expected = await IngestRun.RunAsync(static () => new InMemoryLoopStore(), signals, producers: 1);
                var found = await record.Store.FindItemsAsync([$"BL-{number}"], default);
                string state = found is [var item] ? StoredJson.Write(item.State) : "nothing";
                ClaimFailedException.Unless(expected.States.Values.Single() == state, $"the copied merge {number} is not what the intake makes of it, {when}: {state} for {expected.States.Values.Single()}");
            }
        }
    }
}
