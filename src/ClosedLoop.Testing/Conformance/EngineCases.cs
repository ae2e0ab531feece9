using System.Text;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;
using ClosedLoop.Testing.Time;
using Microsoft.Extensions.DependencyInjection;
using static ClosedLoop.Testing.Conformance.Sample;

namespace ClosedLoop.Testing.Conformance;

/// <summary>What the engine promises on top of a store: each delivery once, a poison alone, and nothing lost or done twice wherever a process ends.</summary>
internal static class EngineCases
{
    public static readonly ConformanceCase[] All =
    [
        new("A delivery that is sent several times counts once, within a batch, in later ones and in another process", Dedupe),
        new("A poison in a batch is kept aside with its bytes, and the others of its batch are stored", PoisonSplit),
        new("Wherever a process ends between two steps, what is sent again leaves the record as if it had not ended", EndedAnywhere),
    ];

    private static async Task Dedupe(ILoopStore store)
    {
        var (first, again) = (Story(1)[0], Story(2)[0]);
        await BatchAsync(new HeldUp(store), first, [again, again, again], static results =>
        {
            Expect.Equal(1, results.Count(static r => r.Outcome == SubmissionOutcome.Committed));
            Expect.Equal(2, results.Count(static r => r.Outcome == SubmissionOutcome.Duplicate));
        }).ConfigureAwait(false);
        var before = await RecordAsync(store, 2).ConfigureAwait(false);
        // A process that has not heard of it knows it from the store.
        using (var other = Start(new ProcessStore(store)))
        {
            await other.GetRequiredService<ILoopQueries>().CountAsync().ConfigureAwait(false);
            for (int i = 0; i < 2; i++) Expect.Equal(SubmissionOutcome.Duplicate, (await other.GetRequiredService<IIntake>().SubmitAsync(again).ConfigureAwait(false)).Outcome);
        }
        Expect.Sequence(before, await RecordAsync(store, 2).ConfigureAwait(false));
    }

    private static async Task PoisonSplit(ILoopStore store)
    {
        var held = new HeldUp(store, static commit => commit.Items.Any(static i => i.State.Id == "BL-4"));
        await BatchAsync(held, Story(1)[0], [.. Enumerable.Range(2, 6).Select(static n => Story(n)[0])], static results =>
            Expect.Sequence([2], results.Select(static (r, i) => (r, i)).Where(static x => x.r.Outcome == SubmissionOutcome.Quarantined).Select(static x => x.i))).ConfigureAwait(false);
        Expect.Same(["BL-1", "BL-2", "BL-3", "BL-5", "BL-6", "BL-7"], (await store.FindItemsAsync([.. Enumerable.Range(1, 7).Select(static n => $"BL-{n}")], CancellationToken.None).ConfigureAwait(false)).Select(static i => i.State.Id));
        var kept = (await store.ReadQuarantineAsync(10, CancellationToken.None).ConfigureAwait(false)).Single();
        Expect.Equal(QuarantineKind.Poison, kept.Kind);
        Expect.Equal("body 4/1", Encoding.UTF8.GetString(kept.Body.Span));
    }

    private static async Task EndedAnywhere(ILoopStore store)
    {
        var reference = new InMemoryLoopStore();
        bool ended = true;
        int point = 0;
        for (; ended; point++)
        {
            var told = Story(point + 1);
            var process = new ProcessStore(store) { EndsAt = point };
            try
            {
                await TellAsync(process, told).ConfigureAwait(false);
            }
            catch (StoreUnavailableException) when (process.HasEnded)
            {
                // While it was starting.
            }
            ended = process.HasEnded;
            // Its successor is sent all of it: what was not acknowledged must come again, what was may.
            await TellAsync(new ProcessStore(store), told).ConfigureAwait(false);
            await TellAsync(new ProcessStore(reference), told).ConfigureAwait(false);
            Expect.Sequence(await RecordAsync(reference, point + 1).ConfigureAwait(false), await RecordAsync(store, point + 1).ConfigureAwait(false), $"the record after a process ended at point {point}");
        }
        // Starting takes some, and each of the four deliveries at least a read and a commit.
        Expect.True(point > 16, $"{point} points are tried");
    }

    // One is being stored while the others come: those are one batch.
    private static async Task BatchAsync(HeldUp held, Submission first, Submission[] batch, Action<SubmissionResult[]> check)
    {
        using var process = Start(held.Store);
        await process.GetRequiredService<ILoopQueries>().CountAsync().ConfigureAwait(false);
        var intake = process.GetRequiredService<IIntake>();
        held.Begin();
        var storing = intake.SubmitAsync(first).AsTask();
        await held.Entered.ConfigureAwait(false);
        var waiting = batch.Select(s => intake.SubmitAsync(s).AsTask()).ToArray();
        held.Release();
        Expect.Equal(SubmissionOutcome.Committed, (await storing.ConfigureAwait(false)).Outcome);
        check(await Task.WhenAll(waiting).ConfigureAwait(false));
    }

    private static async Task TellAsync(ProcessStore store, Submission[] signals)
    {
        using var process = Start(store);
        await process.GetRequiredService<ILoopQueries>().CountAsync().ConfigureAwait(false);
        foreach (var signal in signals)
        {
            var result = await process.GetRequiredService<IIntake>().SubmitAsync(signal).ConfigureAwait(false);
            if (store.HasEnded) return;
            Expect.True(result.Outcome is SubmissionOutcome.Committed or SubmissionOutcome.Duplicate, $"a signal is taken: {result.Outcome}, {result.Detail}");
        }
    }

    // The store outlives it.
    private static ServiceProvider Start(ProcessStore store)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(new ManualTimeProvider(At(60)));
        services.AddClosedLoop(loop => loop.UseStore(_ => store));
        return services.BuildServiceProvider();
    }

    // The item as it is stored, its log, its due rows and the facts that it is made of.
    private static async Task<string[]> RecordAsync(ILoopStore store, int number)
    {
        Key item = Key.Item($"BL-{number}");
        var found = (await store.FindItemsAsync([item.Value], CancellationToken.None).ConfigureAwait(false)).Single();
        var log = await store.ReadTransitionsAsync(new TransitionQuery { ItemId = item.Value }, CancellationToken.None).ConfigureAwait(false);
        var due = await store.ReadDueAsync([item], CancellationToken.None).ConfigureAwait(false);
        var loaded = await store.LoadAsync(new LoadRequest { Targets = [item] }, CancellationToken.None).ConfigureAwait(false);
        return
        [
            $"{StoredJson.Write(found.State)} {found.Version} {found.UpdatedAt:O}",
            .. log.Select(static t => $"{t with { Sequence = 0 }}"),
            .. due.Select(static d => $"{d}").Order(StringComparer.Ordinal),
            .. loaded.Facts.Select(StoredJson.Write).Order(StringComparer.Ordinal),
        ];
    }

    private static Submission[] Story(int number)
    {
        const string Repository = "acme/web";
        string sha = number.ToString("x40", System.Globalization.CultureInfo.InvariantCulture);
        Writer scm = new(WriterRoles.SourceControl, "github"), ci = new(WriterRoles.Ci, "jenkins");
        Key item = Key.Item($"BL-{number}"), pr = Key.PullRequest(Repository, number), commit = Key.Commit(Repository, sha), build = Key.Build($"https://ci.example/job/{number}/");
        return
        [
            Tell(1, Of(item, FactKinds.Item, scm, 0), Of(pr, Gates.PrOpened, scm, 1), Of(pr, FactKinds.Link, scm, 1, item)),
            Tell(2, Of(Key.Review(Repository, number, "ann"), Gates.Reviewed, scm, 2, pr)),
            Tell(3, Of(pr, Gates.Merged, scm, 3) with { Revision = sha }, Of(commit, FactKinds.Landing, scm, 3, pr) with { Status = GateStatus.Waiting }),
            Tell(4, Of(build, Gates.MainCi, ci, 4, commit) with { Name = "web" }),
        ];

        Submission Tell(int part, params Fact[] facts) => new()
        {
            Source = "kit",
            ReceivedAt = At(60),
            DeliveryId = $"{number}/{part}",
            Body = Encoding.UTF8.GetBytes($"body {number}/{part}"),
            Facts = [.. facts],
            Writers = [.. facts.Select(static f => f.Writer).Distinct()],
        };

        Fact Of(Key subject, string kind, Writer writer, int minute, params Key[] links) => new()
        {
            Subject = subject,
            Kind = kind,
            Writer = writer,
            Ordinal = Ordinal.At(At(minute)),
            OccurredAt = At(minute),
            Status = GateStatus.Passed,
            Links = [.. links],
        };
    }

    /// <summary>A process whose next commit waits until it is let go.</summary>
    private sealed class HeldUp
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously), _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _holds;

        public HeldUp(ILoopStore store, Func<StoreCommit, bool>? refuses = null) =>
            Store = new ProcessStore(store) { Refuses = refuses ?? (static _ => false), BeforeCommit = _ => _holds && _entered.TrySetResult() ? _released.Task : Task.CompletedTask };

        public ProcessStore Store { get; }

        public Task Entered => _entered.Task;

        public void Begin() => _holds = true;

        public void Release() => _released.SetResult();
    }
}
