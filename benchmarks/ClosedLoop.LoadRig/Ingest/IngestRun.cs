using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.LoadRig.Ingest;

/// <summary>Sends histories through the public intake: each fact is one delivery, and a submitter waits for its acknowledgement before the next.</summary>
internal sealed class IngestRun
{
    public double Seconds { get; private set; }

    public int Commits { get; private set; }

    public double LoadSeconds { get; private set; }

    public double CommitSeconds { get; private set; }

    public IReadOnlyList<double> AckSeconds { get; private set; } = [];

    public static async Task<IngestRun> RunAsync(Func<ILoopStore> create, IReadOnlyList<IReadOnlyList<Fact>> histories, int submitters)
    {
        using var store = new StageClock(create());
        await using var services = new ServiceCollection()
            .AddClosedLoop(loop => loop.UseStore(_ => store).AddAdapter(static _ => SilentSource.Registration()))
            .BuildServiceProvider();
        var queries = services.GetRequiredService<ILoopQueries>();
        await queries.CountAsync();
        var intake = services.GetRequiredService<IIntake>();
        int next = -1, before = store.Commits;
        long start = Clock.Start();
        var acks = await Task.WhenAll(Enumerable.Range(0, submitters).Select(_ => Task.Run(SubmitAsync)));
        double seconds = Clock.Seconds(start);
        var board = await queries.CountAsync();
        int done = board.Where(static r => r.IsDone).Sum(static r => r.Items);
        ClaimFailedException.Unless(done == histories.Count && board.Sum(static r => r.Items) == done, $"{done} of {histories.Count} items are done in the record.");
        return new IngestRun
        {
            Seconds = seconds,
            Commits = store.Commits - before,
            LoadSeconds = store.LoadSeconds + store.ScanSeconds,
            CommitSeconds = store.CommitSeconds,
            AckSeconds = [.. acks.SelectMany(static a => a)],
        };

        async Task<List<double>> SubmitAsync()
        {
            var waits = new List<double>();
            for (int i = Interlocked.Increment(ref next); i < histories.Count; i = Interlocked.Increment(ref next))
            {
                for (int f = 0; f < histories[i].Count; f++)
                {
                    long sent = Clock.Start();
                    var result = await intake.SubmitAsync(SilentSource.Delivery(histories[i][f], $"{i}.{f}"));
                    waits.Add(Clock.Seconds(sent));
                    ClaimFailedException.Unless(result is { Outcome: SubmissionOutcome.Committed, NewFacts: 1 }, $"a delivery was not taken: {result.Detail} {string.Join(" ", result.Refusals)}");
                }
            }
            return waits;
        }
    }
}
