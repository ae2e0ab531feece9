using ClosedLoop.Facts;
using ClosedLoop.Storage;
using static ClosedLoop.Testing.Conformance.Sample;

namespace ClosedLoop.Testing.Conformance;

/// <summary>Committing.</summary>
internal static class CommitCases
{
    public static readonly ConformanceCase[] All =
    [
        new("A commit on what was loaded is taken", Fresh),
        new("A commit on registers that changed since stores nothing", StaleRegister),
        new("A commit on items that changed since stores nothing", StaleItem),
        new("A commit without a token is always taken", NoToken),
        new("Claims, timers and messages do not make a load stale", TimersDoNotConflict),
        new("Of two commits on one load exactly one is taken", Race),
        new("Nothing of a commit with an impossible content is stored", AllOrNothing),
        new("A removed item is gone with its due rows, and nothing else is", RemovedItem),
        new("An empty commit is taken", Empty),
        new("Initializing again changes nothing", InitializeTwice),
    ];

    private static async Task Fresh(ILoopStore store)
    {
        await store.PutFacts(Fact(Pr(1)));
        var loaded = await store.Load(Pr(1));
        await store.Put(new StoreCommit { At = T0, Token = loaded.Token, Registers = [Fact(Pr(1), 2)] });
        loaded = await store.Load(Pr(1));
        Expect.Equal(2L, loaded.Facts.Single().Ordinal.Major);
        await store.Put(new StoreCommit { At = T0, Token = loaded.Token, Registers = [Fact(Pr(1), 3)] });
    }

    private static async Task StaleRegister(ILoopStore store)
    {
        await store.PutFacts(Fact(Pr(1)));
        var loaded = await store.Load(Pr(1));
        await store.PutFacts(Fact(Pr(1), 2));
        var outcome = await store.CommitAsync(
            new StoreCommit
            {
                At = T0,
                Token = loaded.Token,
                Registers = [Fact(Pr(2))],
                Items = [Item("BL-1")],
                Transitions = [Transition("BL-1")],
                Due = [Due(Pr(1), 0)],
                Outbox = [Message("m")],
                Deliveries = [new DeliveryId("kit", "1")],
                Quarantine = [LogCases.Entry("q")],
                Log = [new LoggedFact(Fact(Pr(2)), StoredJson.Digest(Fact(Pr(2))), "kit")],
            },
            CancellationToken.None);
        Expect.Equal(CommitOutcome.Conflict, outcome);
        await ExpectNothingStored(store);
    }

    private static async Task StaleItem(ILoopStore store)
    {
        await store.PutItems(Item("BL-1"));
        var loaded = await store.Load(Key.Item("BL-1"));
        await store.PutItems(Item("BL-1", version: 2));
        Expect.Equal(CommitOutcome.Conflict, await store.CommitAsync(new StoreCommit { At = T0, Token = loaded.Token, Items = [Item("BL-1", version: 3)] }, CancellationToken.None));
        loaded = await store.Load(Key.Item("BL-1"));
        Expect.Equal(2L, loaded.Items.Single().Version);
        await store.Put(new StoreCommit { At = T0, RemovedItems = ["BL-1"] });
        Expect.Equal(CommitOutcome.Conflict, await store.CommitAsync(new StoreCommit { At = T0, Token = loaded.Token, Items = [Item("BL-1", version: 3)] }, CancellationToken.None));
    }

    private static async Task NoToken(ILoopStore store)
    {
        await store.PutFacts(Fact(Pr(1)));
        await store.PutFacts(Fact(Pr(1), 2));
        Expect.Equal(2L, (await store.Load(Pr(1))).Facts.Single().Ordinal.Major);
    }

    private static async Task TimersDoNotConflict(ILoopStore store)
    {
        await store.PutDue(Due(Key.Item("BL-1"), 0));
        await store.PutOutbox(Message("m"));
        var loaded = await store.Load(Pr(1));
        var claim = (await store.ClaimDue(1)).Single();
        await store.PutDue(Due(Key.Item("BL-1"), 5, token: claim.Token));
        await store.Complete((await store.ClaimOutbox(1)).Single());
        await store.PutOutbox(Message("n"));
        await store.Put(new StoreCommit { At = T0, Token = loaded.Token, Registers = [Fact(Pr(1))] });
    }

    private static async Task Race(ILoopStore store)
    {
        var loaded = await store.Load(Pr(1));
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => Task.Run(async () =>
            await store.CommitAsync(new StoreCommit { At = T0, Token = loaded.Token, Registers = [Fact(Pr(1), i)], Transitions = [Transition("BL-1", $"{i}")] }, CancellationToken.None))));
        Expect.Equal(1, outcomes.Count(static o => o == CommitOutcome.Committed));
        var log = await store.ReadTransitionsAsync(new TransitionQuery(), CancellationToken.None);
        Expect.Equal($"{(await store.Load(Pr(1))).Facts.Single().Ordinal.Major}", log.Single().Detail);
    }

    private static async Task AllOrNothing(ILoopStore store)
    {
        await Expect.Throws<ArgumentException>(
            async () => await store.CommitAsync(
                new StoreCommit
                {
                    At = T0,
                    Registers = [Fact(Pr(2))],
                    Items = [Item("BL-1")],
                    Transitions = [Transition("BL-1")],
                    Due = [Due(Pr(1), 0), Due(Pr(1), 0) with { Mode = (DueMode)99 }],
                    Outbox = [Message("m")],
                    Deliveries = [new DeliveryId("kit", "1")],
                    Quarantine = [LogCases.Entry("q")],
                },
                CancellationToken.None),
            "a due row with an unknown mode");
        await ExpectNothingStored(store);
        await store.PutItems(Item("BL-1"));
    }

    private static async Task RemovedItem(ILoopStore store)
    {
        await store.Put(new StoreCommit
        {
            At = T0,
            Items = [Item("BL-1"), Item("BL-10")],
            Transitions = [Transition("BL-1")],
            Due = [Due(Key.Item("BL-1"), 0), Due(Key.Item("BL-1"), 1, DueKinds.Sla), Due(Key.Item("BL-10"), 2), Due(Pr(1), 3)],
        });
        await store.Put(new StoreCommit { At = T0, RemovedItems = ["BL-1", "BL-unknown"], Due = [Due(Key.Item("BL-1"), 0)] });
        Expect.Same(["BL-10"], (await store.Find("BL-1", "BL-10")).Ids());
        Expect.Sequence([Key.Item("BL-10"), Pr(1)], (await store.ClaimDue(10)).Select(static c => c.Subject));
        Expect.Equal(1, (await store.ReadTransitionsAsync(new TransitionQuery(), CancellationToken.None)).Count);
    }

    private static async Task Empty(ILoopStore store)
    {
        await store.Put(new StoreCommit { At = T0 });
        var token = (await store.Load()).Token;
        await store.Put(new StoreCommit { At = T0, Token = token });
        // What a batch of known deliveries says stays so, whoever writes meanwhile.
        await store.PutFacts(Fact(Pr(1)));
        await store.Put(new StoreCommit { At = T0, Token = token });
    }

    private static async Task InitializeTwice(ILoopStore store)
    {
        await store.PutItems(Item("BL-1"));
        await store.InitializeAsync(CancellationToken.None);
        Expect.Same(["BL-1"], (await store.Find("BL-1")).Ids());
    }

    public static async Task ExpectNothingStored(ILoopStore store)
    {
        var loaded = await store.LoadAsync(new LoadRequest { Targets = [Pr(2)], Deliveries = [new DeliveryId("kit", "1")] }, CancellationToken.None);
        Expect.Equal(0, loaded.Facts.Count);
        Expect.Equal(0, loaded.KnownDeliveries.Count);
        Expect.Equal(0, (await store.Find("BL-1")).Count);
        Expect.Equal(null, await store.NextWakeAsync(CancellationToken.None));
        Expect.Equal(0, (await store.ReadTransitionsAsync(new TransitionQuery(), CancellationToken.None)).Count);
        Expect.Equal(0, (await store.ReadQuarantineAsync(10, CancellationToken.None)).Count);
    }
}
