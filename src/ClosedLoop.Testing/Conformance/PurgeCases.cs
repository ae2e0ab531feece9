using ClosedLoop.Storage;
using static ClosedLoop.Testing.Conformance.Sample;

namespace ClosedLoop.Testing.Conformance;

/// <summary>What may be forgotten, and what stays.</summary>
internal static class PurgeCases
{
    public static readonly ConformanceCase[] All =
    [
        new("Deliveries from before a purge's instant are forgotten, the others stay known", Deliveries),
        new("A purge takes as many as it may, the oldest first, and says how many", Limit),
        new("What was kept aside goes by when it came, and its id may be used again", Quarantine),
        new("Forgetting the fact log takes nothing from the registers", FactLog),
        new("What is known to be new is logged without a look; what may be there is logged once", News),
        new("A purge of nothing removes nothing", Nothing),
    ];

    private static async Task Deliveries(ILoopStore store)
    {
        DeliveryId[] ids = [new("kit", "1"), new("kit", "2"), new("other", "1")];
        for (int i = 0; i < ids.Length; i++) await store.Put(new StoreCommit { At = At(i), Deliveries = [ids[i]] });
        Expect.Equal(1, await store.PurgeAsync(new PurgeRequest { DeliveriesBefore = At(1) }, CancellationToken.None));
        Expect.Same(ids[1..], (await store.LoadAsync(new LoadRequest { Deliveries = [.. ids] }, CancellationToken.None)).KnownDeliveries);
        await store.Put(new StoreCommit { At = At(9), Deliveries = [ids[0]] });
        Expect.Same(ids, (await store.LoadAsync(new LoadRequest { Deliveries = [.. ids] }, CancellationToken.None)).KnownDeliveries);
    }

    private static async Task Limit(ILoopStore store)
    {
        for (int i = 0; i < 5; i++) await store.Put(new StoreCommit { At = At(i), Deliveries = [new("kit", $"{i}")], Quarantine = [LogCases.Entry($"{i}") with { ReceivedAt = At(i) }] });
        var request = new PurgeRequest { DeliveriesBefore = At(9), QuarantineBefore = At(9), Limit = 2 };
        Expect.Equal(4, await store.PurgeAsync(request, CancellationToken.None));
        Expect.Sequence(["4", "3", "2"], (await store.ReadQuarantineAsync(10, CancellationToken.None)).Select(static e => e.Id));
        Expect.Equal(4, await store.PurgeAsync(request, CancellationToken.None));
        Expect.Equal(2, await store.PurgeAsync(request, CancellationToken.None));
        Expect.Equal(0, await store.PurgeAsync(request, CancellationToken.None));
    }

    private static async Task Quarantine(ILoopStore store)
    {
        await store.Put(new StoreCommit { At = T0, Quarantine = [LogCases.Entry("1"), LogCases.Entry("2") with { ReceivedAt = At(1) }] });
        Expect.Equal(1, await store.PurgeAsync(new PurgeRequest { QuarantineBefore = At(1) }, CancellationToken.None));
        Expect.Sequence(["2"], (await store.ReadQuarantineAsync(10, CancellationToken.None)).Select(static e => e.Id));
        await store.Put(new StoreCommit { At = At(2), Quarantine = [LogCases.Entry("1")] });
        Expect.Sequence(["1", "2"], (await store.ReadQuarantineAsync(10, CancellationToken.None)).Select(static e => e.Id));
    }

    private static async Task FactLog(ILoopStore store)
    {
        var logged = new LoggedFact(Fact(Pr(1)), StoredJson.Digest(Fact(Pr(1))), "webhook:kit");
        await store.Put(new StoreCommit { At = T0, Log = [logged], Registers = [Fact(Pr(1))] });
        Expect.Equal(0, await store.PurgeAsync(new PurgeRequest { FactLogBefore = T0 }, CancellationToken.None));
        Expect.Equal(1, await store.PurgeAsync(new PurgeRequest { FactLogBefore = At(1) }, CancellationToken.None));
        Expect.Equal(1, (await store.Load(Pr(1))).Facts.Count);
        await store.Put(new StoreCommit { At = At(2), Log = [logged] });
        Expect.Equal(1, await store.PurgeAsync(new PurgeRequest { FactLogBefore = At(3) }, CancellationToken.None));
    }

    private static async Task News(ILoopStore store)
    {
        LoggedFact Known(int n) => new(Fact(Pr(n)), StoredJson.Digest(Fact(Pr(n))), "webhook:kit");
        LoggedFact New(int n) => new(Fact(Pr(n)), null, "webhook:kit");
        await store.Put(new StoreCommit { At = T0, Log = [New(1), Known(2), New(3), Known(2), New(4)], Registers = [Fact(Pr(1)), Fact(Pr(3)), Fact(Pr(4))] });
        await store.Put(new StoreCommit { At = T0, Log = [Known(2), New(5), Known(6)] });
        Expect.Equal(2, await store.PurgeAsync(new PurgeRequest { FactLogBefore = At(1), Limit = 2 }, CancellationToken.None));
        Expect.Equal(4, await store.PurgeAsync(new PurgeRequest { FactLogBefore = At(1) }, CancellationToken.None));
        await store.Put(new StoreCommit { At = At(2), Log = [New(7), Known(2)] });
        Expect.Equal(0, await store.PurgeAsync(new PurgeRequest { FactLogBefore = At(2) }, CancellationToken.None));
        Expect.Equal(2, await store.PurgeAsync(new PurgeRequest { FactLogBefore = At(3) }, CancellationToken.None));
    }

    private static async Task Nothing(ILoopStore store)
    {
        await store.Put(new StoreCommit { At = T0, Deliveries = [new("kit", "1")], Quarantine = [LogCases.Entry("1")] });
        Expect.Equal(0, await store.PurgeAsync(new PurgeRequest(), CancellationToken.None));
        Expect.Equal(1, (await store.ReadQuarantineAsync(10, CancellationToken.None)).Count);
    }
}
