using System.Collections.Immutable;
using ClosedLoop.Facts;
using ClosedLoop.Storage;
using static ClosedLoop.Testing.Conformance.Sample;

namespace ClosedLoop.Testing.Conformance;

/// <summary>Loading a neighbourhood.</summary>
internal static class LoadCases
{
    public static readonly ConformanceCase[] All =
    [
        new("An empty store loads nothing and gives a token", EmptyStore),
        new("A fact comes back equal in all its parts", WholeFact),
        new("A subject loads all its registers", AllRegisters),
        new("A build loads everything up to the items and then everything below them", UpThenDown),
        new("What is shared is loaded upwards only", NotDownFromShared),
        new("Below a subject everything is loaded, also what is parked under no item", DownFromSubject),
        new("An unknown key still leads to the facts that link to it, when it is a change", UnknownKey),
        new("A change and the item that stands for it load each other", StandIn),
        new("Links follow the register that makes them", LinksAreReplaced),
        new("A link made by two registers stays until both are gone", LinkOfTwoRegisters),
        new("Links in a circle are followed once", Circle),
        new("A build of 500 commits loads them all", WideBuild),
        new("Stored items in the neighbourhood are loaded with their next probe", ItemsAreLoaded),
        new("Known deliveries are told from unknown ones", Deliveries),
        new("Registers are read in order, from any place on", InOrder),
        new("The registers of some subjects are read without what is above and below them", Subjects),
    ];

    private static async Task Subjects(ILoopStore store)
    {
        var build = Fact(Build(1), Commit("a"));
        Fact[] commits = [Fact(Commit("a"), Pr(1)), Fact(Commit("a"), Pr(1)) with { Kind = "other" }, Fact(Commit("b"))];
        await store.PutFacts([build, .. commits, Fact(Pr(1), Key.Item("BL-1"))]);
        Expect.Same(commits, await store.ReadSubjectsAsync([Commit("a"), Commit("b"), Commit("none"), Commit("a")], CancellationToken.None));
        Expect.Equal(0, (await store.ReadSubjectsAsync([], CancellationToken.None)).Count);
    }

    private static async Task EmptyStore(ILoopStore store)
    {
        var loaded = await store.Load(Pr(1), Key.Item("BL-1"));
        Expect.Equal(0, loaded.Facts.Count);
        Expect.Equal(0, loaded.Items.Count);
        Expect.Equal(0, loaded.KnownDeliveries.Count);
        Expect.True(loaded.Token is not null, "a load gives a token");
        Expect.Equal(0, (await store.Load()).Facts.Count);
    }

    private static async Task InOrder(ILoopStore store)
    {
        Fact[] facts = [Fact(Pr(2)) with { Kind = "a" }, Fact(Pr(10)) with { Kind = "a" }, Fact(Pr(2)) with { Kind = "b" }, Fact(Key.Item("BL-1")) with { Kind = "a" }];
        await store.Put(new StoreCommit { At = T0, Registers = facts });
        await store.Put(new StoreCommit { At = T0, Registers = [facts[0] with { Ordinal = new Ordinal(2) }] });
        Fact[] expected = [facts[3], facts[1], facts[0] with { Ordinal = new Ordinal(2) }, facts[2]];
        Expect.Sequence(expected, await store.ReadFactsAsync(null, 10, CancellationToken.None));
        var read = new List<Fact>();
        for (RegisterId? after = null; await store.ReadFactsAsync(after, 3, CancellationToken.None) is { Count: > 0 } page; after = page[^1].Register) read.AddRange(page);
        Expect.Sequence(expected, read);
    }

    private static async Task WholeFact(ILoopStore store)
    {
        var fact = Fact(Key.Check("acme/web", "abc", "unit \"tests\" – größer"), long.MaxValue, Commit("abc"), Pr(7)) with
        {
            Ordinal = new Ordinal(long.MaxValue, long.MinValue, -3),
            Status = GateStatus.Failed,
            Reason = Reason.Regressed,
            OccurredAt = T0.ToOffset(TimeSpan.FromHours(2)),
            Name = "unit tests",
            Environment = "production",
            Revision = "abc",
            IsPartial = true,
            Detail = "3 of 5 failed: 'quotes', <tags> & 日本語",
            Evidence = Evidence.At("https://ci.example/1?a=b&c=%20d", "build #1"),
            Attributes = ImmutableSortedDictionary<string, string>.Empty.Add("title", "x").Add("Branch", "main"),
        };
        await store.PutFacts(fact);
        var loaded = (await store.Load(fact.Subject)).Facts.Single();
        Expect.Equal(fact, loaded);
        Expect.Equal(StoredJson.Write(fact), StoredJson.Write(loaded));
        var zero = Fact(Pr(1), 0) with { Status = default, Reason = default };
        await store.PutFacts(zero);
        Expect.Equal(zero, (await store.Load(Pr(1))).Facts.Single());
    }

    private static async Task DownFromSubject(ILoopStore store)
    {
        var build = Fact(Key.Build("https://ci.example/job/web/1"), 1, Commit("abc"));
        var image = Fact(Key.Image("sha256:1"), 1, Commit("abc"));
        var other = Fact(Key.Build("https://ci.example/job/web/2"), 1, Commit("def"));
        await store.PutFacts(build, image, other);
        var asSubject = await store.LoadAsync(new LoadRequest { Subjects = [Commit("abc")] }, CancellationToken.None);
        Expect.Same([build, image], asSubject.Facts);
        var asTarget = await store.LoadAsync(new LoadRequest { Targets = [Commit("abc")] }, CancellationToken.None);
        Expect.Equal(0, asTarget.Facts.Count);
    }

    private static async Task AllRegisters(ILoopStore store)
    {
        Fact[] facts =
        [
            Fact(Pr(1)),
            Fact(Pr(1)) with { Kind = "other" },
            Fact(Pr(1)) with { Writer = new Writer(WriterRoles.Person, "ann") },
            Fact(Pr(1)) with { Kind = "Seen" },
        ];
        await store.PutFacts(facts);
        Expect.Same(facts, (await store.Load(Pr(1))).Facts);
        await store.PutFacts(facts[1] = facts[1] with { Status = GateStatus.Failed });
        Expect.Same(facts, (await store.Load(Pr(1))).Facts);
    }

    private static async Task UpThenDown(ILoopStore store)
    {
        Fact[] facts =
        [
            Fact(Key.Item("BL-1")),
            Fact(Key.Branch("acme/web", "fix"), Key.Item("BL-1")),
            Fact(Pr(1), Key.Branch("acme/web", "fix")),
            Fact(Pr(2), Key.Item("BL-1")),
            Fact(Key.Review("acme/web", 2, "ann"), Pr(2)),
            Fact(Commit("aa"), Pr(1)),
            Fact(Build(1), Commit("aa")),
            Fact(Key.Image("sha256:1"), Build(1)),
            Fact(Key.Deployment("d1"), Key.Image("sha256:1")),
        ];
        await store.PutFacts([.. facts, Fact(Pr(3), Key.Item("BL-2")), Fact(Key.Item("BL-2"))]);
        Expect.Same(facts, (await store.Load(Build(1))).Facts);
        Expect.Same(facts, (await store.Load(Key.Deployment("d1"))).Facts);
        Expect.Same(facts, (await store.Load(Key.Item("BL-1"))).Facts);
    }

    private static async Task NotDownFromShared(ILoopStore store)
    {
        // Two changes on one build, one branch: loading one must not pull in the other, or every load were the whole repository.
        var main = Key.Branch("acme/web", "main");
        Fact[] facts =
        [
            Fact(Pr(1), Key.Item("BL-1"), main),
            Fact(Pr(2), Key.Item("BL-2"), main),
            Fact(Commit("a1"), Pr(1), main),
            Fact(Commit("a2"), Pr(2), main),
            Fact(Build(9), Commit("a1"), Commit("a2")),
            Fact(main),
        ];
        await store.PutFacts(facts);
        Expect.Same([facts[0], facts[2], facts[4], facts[5]], (await store.Load(Pr(1))).Facts);
        Expect.Same(facts, (await store.Load(Build(9))).Facts);
        Expect.Same([facts[5]], (await store.Load(main)).Facts);
        Expect.Same([facts[0], facts[2], facts[4]], (await store.Load(Key.Item("BL-1"))).Facts);
    }

    private static async Task UnknownKey(ILoopStore store)
    {
        var parked = Fact(Key.Review("acme/web", 5, "ann"), Pr(5));
        var build = Fact(Build(5), Commit("c5"));
        await store.PutFacts(parked, build);
        Expect.Same([parked], (await store.Load(Pr(5))).Facts);
        Expect.Same([], (await store.Load(Commit("c5"))).Facts);
    }

    private static async Task StandIn(ILoopStore store)
    {
        var standIn = Key.Item(Pr(4).ToString());
        Fact[] facts = [Fact(Pr(4)), Fact(Commit("c4"), Pr(4)), Fact(Key.Check("acme/web", "c4", "note"), standIn)];
        await store.Put(new StoreCommit { At = T0, Registers = facts, Items = [Item(standIn.Value)] });
        foreach (var key in new[] { standIn, Pr(4), Commit("c4"), facts[2].Subject })
        {
            var loaded = await store.Load(key);
            Expect.Same(facts, loaded.Facts);
            Expect.Same([standIn.Value], loaded.Items.Ids());
        }
        // From below as well: the stand-in of a change that is reached from its item must be loaded, to be folded away.
        await store.PutFacts(facts[0] = Fact(Pr(4), 2, Key.Item("BL-4")));
        var fromItem = await store.Load(Key.Item("BL-4"));
        Expect.Same([standIn.Value], fromItem.Items.Ids());
        Expect.Same(facts, fromItem.Facts);
    }

    private static async Task LinksAreReplaced(ILoopStore store)
    {
        await store.PutFacts(Fact(Pr(1), 1, Key.Item("BL-1"), Key.Item("BL-2")));
        var moved = Fact(Pr(1), 2, Key.Item("BL-2"), Key.Item("BL-3"));
        await store.PutFacts(moved);
        Expect.Same([], (await store.Load(Key.Item("BL-1"))).Facts);
        Expect.Same([moved], (await store.Load(Key.Item("BL-2"))).Facts);
        Expect.Same([moved], (await store.Load(Key.Item("BL-3"))).Facts);
        var unlinked = Fact(Pr(1), 3);
        await store.PutFacts(unlinked);
        Expect.Same([], (await store.Load(Key.Item("BL-3"))).Facts);
        Expect.Same([unlinked], (await store.Load(Pr(1))).Facts);
    }

    private static async Task LinkOfTwoRegisters(ILoopStore store)
    {
        var byHost = Fact(Pr(1), 1, Key.Item("BL-1"));
        var byPerson = byHost with { Writer = Writer.Person("ann") };
        await store.PutFacts(byHost, byPerson);
        var withdrawn = Fact(Pr(1), 2);
        await store.PutFacts(withdrawn);
        Expect.Same([withdrawn, byPerson], (await store.Load(Key.Item("BL-1"))).Facts);
        // To another one, and then both together to nothing.
        var moved = Fact(Pr(1), 2, Key.Item("BL-2")) with { Writer = byPerson.Writer };
        await store.PutFacts(moved);
        Expect.Same([], (await store.Load(Key.Item("BL-1"))).Facts);
        Expect.Same([withdrawn, moved], (await store.Load(Key.Item("BL-2"))).Facts);
        await store.PutFacts(Fact(Pr(1), 3, Key.Item("BL-2")));
        await store.PutFacts(Fact(Pr(1), 4), Fact(Pr(1), 4) with { Writer = byPerson.Writer });
        Expect.Same([], (await store.Load(Key.Item("BL-2"))).Facts);
    }

    private static async Task Circle(ILoopStore store)
    {
        Fact[] facts = [Fact(Pr(1), Pr(2), Pr(1)), Fact(Pr(2), Pr(3)), Fact(Pr(3), Pr(1))];
        await store.PutFacts(facts);
        Expect.Same(facts, (await store.Load(Pr(2))).Facts);
    }

    private static async Task WideBuild(ILoopStore store)
    {
        const int count = 500;
        List<Fact> facts = [];
        for (int i = 1; i <= count; i++)
        {
            facts.Add(Fact(Pr(i), Key.Item($"BL-{i}")));
            facts.Add(Fact(Commit($"c{i}"), Pr(i)));
        }
        facts.Add(Fact(Build(1), [.. Enumerable.Range(1, count).Select(static i => Commit($"c{i}"))]));
        await store.PutFacts([.. facts]);
        Expect.Equal(facts.Count, (await store.Load(Build(1))).Facts.Count);
        Expect.Equal(3, (await store.Load(Key.Item("BL-77"))).Facts.Count);
    }

    private static async Task ItemsAreLoaded(ILoopStore store)
    {
        var (first, second) = (Item("BL-1"), Item("BL-2"));
        await store.Put(new StoreCommit
        {
            At = T0,
            Registers = [Fact(Pr(1), Key.Item("BL-1"))],
            Items = [first, second],
            Due = [Due(Key.Item("BL-1"), 7, "probe:b"), Due(Key.Item("BL-1"), 9, "probe:a"), Due(Key.Item("BL-1"), 1, DueKinds.Sla), Due(Key.Item("BL-2"), 2, "probes")],
        });
        var loaded = (await store.Load(Pr(1))).Items.Single();
        Expect.Equal(first.State.Json(), loaded.State.Json());
        Expect.Equal(1L, loaded.Version);
        Expect.Equal(T0, loaded.UpdatedAt);
        Expect.Equal(At(7), loaded.NextProbeAt);
        Expect.Equal(null, (await store.Load(Key.Item("BL-2"))).Items.Single().NextProbeAt);
    }

    private static async Task Deliveries(ILoopStore store)
    {
        DeliveryId[] taken = [new("github", "1"), new("jenkins", "2")];
        await store.Put(new StoreCommit { At = T0, Deliveries = taken });
        await store.Put(new StoreCommit { At = T0, Deliveries = taken });
        var loaded = await store.LoadAsync(new LoadRequest { Deliveries = [new("github", "1"), new("github", "2"), new("jenkins", "2")] }, CancellationToken.None);
        Expect.Same(taken, loaded.KnownDeliveries);
    }
}
