using ClosedLoop.Items;
using ClosedLoop.Storage;
using static ClosedLoop.Testing.Conformance.Sample;

namespace ClosedLoop.Testing.Conformance;

/// <summary>Counting by where items stand.</summary>
internal static class BoardCases
{
    public static readonly ConformanceCase[] All =
    [
        new("An empty store has an empty board", Empty),
        new("The board counts items by where they stand", Counts),
        new("The board follows items that move, and are removed", Follows),
        new("The board counts limits that ran out before now", Overdue),
        new("The board says since when the one that waits longest has waited", Oldest),
        new("Counts of open items are filtered by pipeline, repository, agent and priority, alone and together", OpenCounts),
        new("The names that open items have are counted, most first, and followed when items move", Names),
        new("Of many names the ones with the most open items are told", ManyNames),
    ];

    private static async Task Empty(ILoopStore store) => Expect.Equal(0, (await store.CountAsync(T0, CancellationToken.None)).Count);

    private static async Task Counts(ILoopStore store)
    {
        await store.PutItems(
            Item("1"),
            Item("2"),
            Item("3") with { State = State("3") with { Pipeline = "other" } },
            Item("4") with { State = State("4") with { CurrentGate = Gates.PrOpened } },
            Item("5") with { State = State("5") with { FurthestGate = Gates.PrOpened } },
            Item("6") with { State = State("6") with { WaitingOn = null, IsDone = true } },
            Item("7") with { State = State("7") with { WaitingOn = null, Abandoned = true } },
            Item("8") with { State = State("8") with { Migration = "cliff" } });
        var row = new BoardRow { Pipeline = "delivery", WaitingOn = Gates.Merged, Items = 1 };
        Expect.Same(
            [
                row with { Items = 2 },
                row with { Pipeline = "other" },
                row with { CurrentGate = Gates.PrOpened },
                row with { FurthestGate = Gates.PrOpened },
                row with { WaitingOn = null, IsDone = true },
                row with { WaitingOn = null, IsAbandoned = true },
                row with { Migration = "cliff" },
            ],
            await store.CountAsync(T0, CancellationToken.None));
    }

    private static async Task Follows(ILoopStore store)
    {
        await store.PutItems(Item("1"), Item("2"), Item("3"));
        await store.Put(new StoreCommit
        {
            At = T0,
            Items = [Item("1", 1, 2) with { State = State("1") with { WaitingOn = null, IsDone = true } }],
            RemovedItems = ["2"],
        });
        var row = new BoardRow { Pipeline = "delivery", WaitingOn = Gates.Merged, Items = 1 };
        Expect.Same([row, row with { WaitingOn = null, IsDone = true }], await store.CountAsync(T0, CancellationToken.None));
        await store.Put(new StoreCommit { At = T0, RemovedItems = ["1", "3"] });
        Expect.Equal(0, (await store.CountAsync(T0, CancellationToken.None)).Count);
    }

    private static async Task Overdue(ILoopStore store)
    {
        await store.PutItems(Until("1", 5), Until("2", 6), Item("3"), Until("4", 5) with { State = Until("4", 5).State with { Pipeline = "other" } });
        Expect.Sequence([0, 0], await Count(5));
        Expect.Sequence([1, 1], await Count(5.001));
        Expect.Sequence([2, 1], await Count(7));
        await store.PutItems(Item("1", 1, 2), Until("2", 9));
        Expect.Sequence([0, 1], await Count(7));

        async Task<IEnumerable<int>> Count(double now) =>
            (await store.CountAsync(At(now), CancellationToken.None)).OrderBy(static r => r.Pipeline, StringComparer.Ordinal).Select(static r => r.Overdue);
    }

    private static async Task Oldest(ILoopStore store)
    {
        await store.PutItems(Since("1", 5), Since("2", 3), Since("3", null), Since("4", null) with { State = Since("4", null).State with { Pipeline = "other" } }, Closed("5"));
        await Check(At(3), null, null);
        // Of what was done nothing waits; what the store keeps follows it.
        await store.PutItems(Closed("2"), Since("4", 9) with { Version = 2, State = Since("4", 9).State with { Pipeline = "other" } });
        await Check(At(5), null, At(9));
        await store.Put(new StoreCommit { At = T0, RemovedItems = ["1"] });
        await Check(null, null, At(9));

        async Task Check(DateTimeOffset? open, DateTimeOffset? done, DateTimeOffset? other)
        {
            var rows = await store.CountAsync(T0, CancellationToken.None);
            Expect.Same([("delivery", false, open), ("delivery", true, done), ("other", false, other)], rows.Select(static r => (r.Pipeline, r.IsDone, r.OldestSince)));
        }
    }

    private static async Task OpenCounts(ILoopStore store)
    {
        ItemRecord[] items = [.. Enumerable.Range(0, 24).Select(Faceted)];
        await store.PutItems(items);
        foreach (string? pipeline in new[] { null, "one" })
        foreach (string? repository in new[] { null, "acme/1", "none" })
        foreach (string? agent in new[] { null, "builder-1" })
        foreach (string? priority in new[] { null, "P1" })
        {
            var query = new BoardQuery { Pipeline = pipeline, Repository = repository, Agent = agent, Priority = priority };
            var expected = items.Select(static i => i.State)
                .Where(static s => !s.IsDone && !s.Abandoned)
                .Where(s => (pipeline is null || s.Pipeline == pipeline) && (repository is null || s.Repository == repository) && (agent is null || s.Provenance?.Agent == agent) && (priority is null || s.Priority == priority))
                .GroupBy(static s => (s.Pipeline, s.WaitingOn))
                .Select(static g => new BoardRow { Pipeline = g.Key.Pipeline, WaitingOn = g.Key.WaitingOn, Items = g.Count(), Overdue = g.Count(static s => s.NextDeadline() < At(12)), OldestSince = g.Min(static s => s.WaitingSince()) });
            Expect.Same(expected, await store.CountOpenAsync(query, At(12), CancellationToken.None));
        }
        Expect.Same(
            (await store.CountAsync(At(12), CancellationToken.None)).Where(static r => !r.IsDone && !r.IsAbandoned),
            await store.CountOpenAsync(new BoardQuery(), At(12), CancellationToken.None));
        // One that is done, one that was taken up again, one of another repository, one that is gone.
        await store.Put(new StoreCommit
        {
            At = T0,
            Items = [Closed("f01"), Faceted(5) with { Version = 2, State = Faceted(5).State with { Abandoned = false } }, Faceted(7) with { Version = 2, State = Faceted(7).State with { Repository = "moved" } }],
            RemovedItems = ["f10"],
        });
        Expect.Equal(1, (await store.CountOpenAsync(new BoardQuery { Repository = "moved" }, T0, CancellationToken.None)).Sum(static r => r.Items));
        Expect.Same(
            (await store.CountAsync(At(12), CancellationToken.None)).Where(static r => !r.IsDone && !r.IsAbandoned),
            await store.CountOpenAsync(new BoardQuery(), At(12), CancellationToken.None));
    }

    private static async Task Names(ILoopStore store)
    {
        Expect.Equal(0, (await store.ReadFacetsAsync(CancellationToken.None)).Repositories.Count);
        await store.PutItems(Of("1", "acme/web", "ann"), Of("2", "acme/api", "bob"), Of("3", "acme/api", null), Closed("4") with { State = Closed("4").State with { Repository = "acme/old" } });
        await Check([new("acme/api", 2), new("acme/web", 1)], [new("ann", 1), new("bob", 1)]);
        await store.PutItems(Of("1", "acme/web", "bob") with { Version = 2 });
        await Check([new("acme/api", 2), new("acme/web", 1)], [new("bob", 2)]);
        await store.Put(new StoreCommit { At = T0, Items = [Closed("2")], RemovedItems = ["3"] });
        await Check([new("acme/web", 1)], [new("bob", 1)]);
        // Twice in one commit, and nothing but the last of it counts.
        await store.PutItems(Of("5", "acme/one", "eve"), Of("5", "acme/two", "eve") with { Version = 2 });
        await Check([new("acme/two", 1), new("acme/web", 1)], [new("bob", 1), new("eve", 1)]);

        async Task Check(FacetCount[] repositories, FacetCount[] agents)
        {
            var facets = await store.ReadFacetsAsync(CancellationToken.None);
            Expect.Sequence(repositories, facets.Repositories);
            Expect.Sequence(agents, facets.Agents);
            Expect.Equal(0, facets.Priorities.Count);
        }

        static ItemRecord Of(string id, string repository, string? agent) =>
            Item(id) with { State = State(id) with { Repository = repository, Provenance = agent is null ? null : new Provenance { Agent = agent } } };
    }

    private static async Task ManyNames(ILoopStore store)
    {
        await store.PutItems([.. Enumerable.Range(0, BoardFacets.MaxNames + 2).Select(static i => Item($"p{i:000}") with { State = State($"p{i:000}") with { Priority = $"P{i:000}" } })]);
        await store.PutItems(Item("last") with { State = State("last") with { Priority = $"P{BoardFacets.MaxNames + 1:000}" } });
        var names = (await store.ReadFacetsAsync(CancellationToken.None)).Priorities;
        Expect.Equal(BoardFacets.MaxNames, names.Count);
        Expect.Equal(new FacetCount($"P{BoardFacets.MaxNames + 1:000}", 2), names[0]);
        Expect.Equal(new FacetCount("P000", 1), names[1]);
    }

    private static ItemRecord Faceted(int i)
    {
        string id = $"f{i:00}";
        return Item(id, i) with
        {
            State = State(id) with
            {
                Pipeline = i % 2 == 0 ? "one" : "two",
                WaitingOn = i % 4 < 2 ? Gates.Merged : Gates.MainCi,
                IsDone = i % 7 == 6,
                Abandoned = i % 7 == 5,
                Repository = $"acme/{i % 3}",
                Priority = $"P{i % 4}",
                Provenance = i % 5 == 0 ? null : new Provenance { Agent = $"builder-{i % 5}" },
                OpenedAt = i % 6 == 0 ? null : At(i),
                Gates = [new GateView { Gate = Gates.Merged, FinishBy = At(i) }],
            },
        };
    }

    private static ItemRecord Since(string id, double? minutes) =>
        Item(id) with { State = State(id) with { Gates = [new GateView { Gate = Gates.Merged, EligibleAt = minutes is { } at ? At(at) : null }] } };

    private static ItemRecord Closed(string id) => Item(id, 1, 9) with { State = State(id) with { WaitingOn = null, IsDone = true } };

    private static ItemRecord Until(string id, double minutes) =>
        Item(id) with { State = State(id) with { Gates = [new GateView { Gate = Gates.Merged, StartBy = At(minutes), FinishBy = At(minutes + 60) }] } };
}
