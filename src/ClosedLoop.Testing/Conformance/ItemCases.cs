using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Storage;
using static ClosedLoop.Testing.Conformance.Sample;

namespace ClosedLoop.Testing.Conformance;

/// <summary>Items by id and in lists.</summary>
internal static class ItemCases
{
    public static readonly ConformanceCase[] All =
    [
        new("An item comes back equal in all its parts", WholeItem),
        new("Items are found by id and unknown ids are left out", Find),
        new("Items are listed newest change first, then by id", Order),
        new("Pages follow each other without gap or repetition", Pages),
        new("A page's cursor survives changes of other items", CursorSurvives),
        new("A cursor that is none is refused", BadCursor),
        new("Limits out of range are brought into it", Limits),
        new("Items are filtered by pipeline, gate, completion and limit, alone and together", Filters),
        new("Items are filtered by repository, agent and priority, exactly", Facets),
        new("Items are listed by the gate that they stand after, or before the first", CurrentGates),
        new("Open items are those that are neither done nor abandoned", OpenOnly),
        new("What waits longest comes first, of unknown age last, and only what is open", LongestWaiting),
        new("Pages of what waits longest follow each other without gap or repetition, while items come, go and move", LongestWaitingPages),
        new("A cursor of one order is refused in another", CursorOfAnotherOrder),
        new("Names of any length are stored, found and counted", LongNames),
        new("Text is found in id, title and repository, without regard to ASCII case", Text),
        new("Filtered lists have pages too", FilteredPages),
    ];

    private static async Task WholeItem(ILoopStore store)
    {
        var item = Item("BL-1 – ü/#?", version: 17) with
        {
            NextProbeAt = At(99),
            State = State("BL-1 – ü/#?") with
            {
                Title = "Fix 'login' <b>日本語</b>",
                Repository = "acme/web",
                Priority = "P1",
                Provenance = new Provenance { Agent = "builder-7", Iteration = 3 },
                OpenedAt = At(-10),
                Migration = "cliff",
                Declared = true,
                Changes = [new ChangeView { Change = Pr(1), Head = "abc", Landings = [Commit("abc")] }],
                CurrentGate = Gates.PrOpened,
                FurthestGate = Gates.PrOpened,
                IsDone = true,
                DoneAt = At(-1),
                Abandoned = true,
                Gates = [new GateView { Gate = Gates.Merged, Writer = Writer.Person("ann"), StartBy = At(4), FinishBy = At(3), Evidence = Evidence.At("https://scm.example/1") }],
            },
        };
        await store.PutItems(item);
        foreach (var found in new[] { (await store.Find(item.State.Id)).Single(), (await store.List(new ItemQuery())).Items.Single(), (await store.Load(Key.Item(item.State.Id))).Items.Single() })
        {
            Expect.Equal(item.State.Json(), found.State.Json());
            Expect.Equal(17L, found.Version);
            Expect.Equal(item.UpdatedAt, found.UpdatedAt);
            Expect.Equal(null, found.NextProbeAt);
        }
    }

    private static async Task Find(ILoopStore store)
    {
        await store.PutItems(Item("BL-1"), Item("BL-2"), Item("bl-1"));
        await store.PutDue(Due(Key.Item("BL-2"), 4, "probe:x"), Due(Key.Item("BL-2"), 3, "probe:y"), Due(Key.Item("BL-2"), 1, "sweep:y"));
        Expect.Same([("BL-1", null), ("BL-2", At(3))], (await store.Find("BL-1", "BL-2", "BL-3", "BL-1", "")).Select(static i => (i.State.Id, i.NextProbeAt)));
        Expect.Equal(0, (await store.Find()).Count);
        await store.PutItems(Item("BL-1", version: 2));
        Expect.Equal(2L, (await store.Find("BL-1")).Single().Version);
    }

    private static async Task Order(ILoopStore store)
    {
        await store.PutItems(Item("b", 1), Item("a", 1), Item("B", 1), Item("old", 0), Item("new", 2));
        var page = await store.List(new ItemQuery());
        Expect.Sequence(["new", "B", "a", "b", "old"], page.Items.Ids());
        Expect.Equal(null, page.NextCursor);
        await store.PutItems(Item("old", 3, version: 2));
        Expect.Equal("old", (await store.List(new ItemQuery { Limit = 1 })).Items.Single().State.Id);
    }

    private static async Task Pages(ILoopStore store)
    {
        // Several items share each instant, so that pages break within one.
        await store.PutItems([.. Enumerable.Range(0, 23).Select(static i => Item($"i{i:00}", i / 5))]);
        var all = (await store.List(new ItemQuery())).Items.Ids().ToList();
        Expect.Equal(23, all.Count);
        foreach (int limit in new[] { 1, 3, 7, 22, 23 })
        {
            var read = await ReadAll(store, new ItemQuery { Limit = limit });
            Expect.Sequence(all, read);
        }
    }

    private static async Task CursorSurvives(ILoopStore store)
    {
        await store.PutItems(Item("a", 4), Item("b", 3), Item("c", 2), Item("d", 1));
        var page = await store.List(new ItemQuery { Limit = 2 });
        Expect.Sequence(["a", "b"], page.Items.Ids());
        await store.Put(new StoreCommit { At = T0, Items = [Item("new", 9), Item("c2", 1.5)], RemovedItems = ["b"] });
        Expect.Sequence(["c", "c2", "d"], (await store.List(new ItemQuery { Limit = 5, Cursor = page.NextCursor })).Items.Ids());
    }

    private static Task BadCursor(ILoopStore store) =>
        Expect.Throws<ArgumentException>(() => store.List(new ItemQuery { Cursor = "no cursor" }), "a cursor that is none");

    private static async Task Limits(ILoopStore store)
    {
        await store.PutItems([.. Enumerable.Range(0, 505).Select(static i => Item($"i{i:000}"))]);
        Expect.Equal(50, (await store.List(new ItemQuery())).Items.Count);
        Expect.Equal(1, (await store.List(new ItemQuery { Limit = -1 })).Items.Count);
        var page = await store.List(new ItemQuery { Limit = 1000 });
        Expect.Equal(500, page.Items.Count);
        Expect.Equal(5, (await store.List(new ItemQuery { Limit = 1000, Cursor = page.NextCursor })).Items.Count);
    }

    private static async Task Filters(ILoopStore store)
    {
        ItemRecord[] items = [.. Enumerable.Range(0, 32).Select(Varied)];
        await store.PutItems(items);
        foreach (var query in Queries())
        {
            var expected = items
                .Where(i => query.Pipeline is null || i.State.Pipeline == query.Pipeline)
                .Where(i => query.WaitingOn is null || i.State.WaitingOn == query.WaitingOn)
                .Where(i => query.IsDone is null || i.State.IsDone == query.IsDone)
                .Where(i => query.OverdueAt is null || i.State.NextDeadline() < query.OverdueAt)
                .Where(i => query.Repository is null || i.State.Repository == query.Repository)
                .Where(i => query.Agent is null || i.State.Provenance?.Agent == query.Agent)
                .Where(i => query.Priority is null || i.State.Priority == query.Priority)
                .Where(i => query.IsOpen is null || (!i.State.IsDone && !i.State.Abandoned) == query.IsOpen)
                .OrderByDescending(static i => i.UpdatedAt)
                .Ids();
            Expect.Sequence(expected, (await store.List(query)).Items.Ids(), $"{query}");
        }
    }

    private static async Task Text(ILoopStore store)
    {
        await store.PutItems(
            Item("BL-1", 5) with { State = State("BL-1") with { Title = "Fix LOGIN 100%", Repository = "acme/web" } },
            Item("BL-2", 4) with { State = State("BL-2") with { Title = "Größe_x", Repository = "acme/Login" } },
            Item("login-3", 3));
        await Check("login", "BL-1", "BL-2", "login-3");
        await Check("LoGiN", "BL-1", "BL-2", "login-3");
        await Check("bl-", "BL-1", "BL-2");
        await Check("%", "BL-1");
        await Check("_", "BL-2");
        await Check("größe", "BL-2");
        await Check("GRöSSE");
        await Check("GRÖßE");
        await Check("", "BL-1", "BL-2", "login-3");

        async Task Check(string text, params string[] expected) => Expect.Sequence(expected, (await store.List(new ItemQuery { Text = text })).Items.Ids(), $"items with '{text}'");
    }

    private static async Task FilteredPages(ILoopStore store)
    {
        await store.PutItems([.. Enumerable.Range(0, 32).Select(Varied)]);
        foreach (var query in Queries())
        {
            var all = (await store.List(query)).Items.Ids().ToList();
            var read = await ReadAll(store, query with { Limit = 2 });
            Expect.Sequence(all, read, $"{query}");
        }
    }

    private static async Task<List<string>> ReadAll(ILoopStore store, ItemQuery query)
    {
        List<string> ids = [];
        for (int pages = 0; pages < 100; pages++)
        {
            var page = await store.List(query);
            ids.AddRange(page.Items.Ids());
            if (page.NextCursor is null) return ids;
            query = query with { Cursor = page.NextCursor };
        }
        throw new ConformanceException($"{query}: there is always another page.");
    }

    private static ItemRecord Varied(int i)
    {
        string id = $"v{i:00}";
        return Item(id, i) with
        {
            State = State(id) with
            {
                Pipeline = (i & 1) == 0 ? "one" : "two",
                WaitingOn = (i & 2) == 0 ? Gates.Merged : (i & 16) == 0 ? null : Gates.MainCi,
                IsDone = (i & 4) != 0,
                Abandoned = i % 5 == 0,
                Repository = i % 3 == 0 ? null : $"acme/{i % 3}",
                Priority = $"P{i % 2}",
                Provenance = i % 4 == 0 ? null : new Provenance { Agent = $"builder-{i % 4}" },
                Gates = [new GateView { Gate = Gates.Merged, FinishBy = (i & 8) == 0 ? null : At(i) }],
            },
        };
    }

    private static IEnumerable<ItemQuery> Queries() =>
        (from pipeline in new[] { null, "one", "none" }
         from waiting in new[] { null, Gates.MainCi }
         from done in new bool?[] { null, true, false }
         from overdue in new DateTimeOffset?[] { null, At(15) }
         select new ItemQuery { Pipeline = pipeline, WaitingOn = waiting, IsDone = done, OverdueAt = overdue })
        .Concat(
            from open in new bool?[] { null, true, false }
            from done in new bool?[] { null, true, false }
            from repository in new[] { null, "acme/1" }
            from agent in new[] { null, "builder-1" }
            from priority in new[] { null, "P1" }
            select new ItemQuery { IsOpen = open, IsDone = done, Repository = repository, Agent = agent, Priority = priority })
        .Concat(
            from open in new bool?[] { null, true, false }
            from waiting in new[] { null, Gates.Merged }
            from overdue in new DateTimeOffset?[] { null, At(15) }
            select new ItemQuery { IsOpen = open, WaitingOn = waiting, OverdueAt = overdue, Repository = "acme/2", Text = "v" });

    private static async Task Facets(ILoopStore store)
    {
        await store.PutItems(Named("1", 5, "acme/web", "builder-7", "P1"), Named("2", 4, "acme/Web", "Builder-7", "p1"), Named("3", 3, "acme/web", "", ""), Named("4", 2, null, null, null));
        await Check(new ItemQuery { Repository = "acme/web" }, "1", "3");
        await Check(new ItemQuery { Agent = "builder-7" }, "1");
        await Check(new ItemQuery { Agent = "" }, "3");
        await Check(new ItemQuery { Priority = "p1" }, "2");
        await Check(new ItemQuery { Repository = "acme/web", Agent = "builder-7", Priority = "P2" });
        // What a newer fact says counts.
        await store.PutItems(Named("1", 6, "acme/api", "builder-8", "P0") with { Version = 2 });
        await Check(new ItemQuery { Agent = "builder-7" });
        await Check(new ItemQuery { Repository = "acme/api", Agent = "builder-8", Priority = "P0" }, "1");

        async Task Check(ItemQuery query, params string[] expected)
        {
            Expect.Sequence(expected, (await store.List(query)).Items.Ids(), $"{query}");
            Expect.Same(expected, (await store.List(query with { Order = ItemOrder.LongestWaiting })).Items.Ids());
        }
    }

    private static async Task CurrentGates(ILoopStore store)
    {
        await store.PutItems(
            Waits("first", 4),
            Waits("opened", 3) with { State = Waits("opened", 3).State with { CurrentGate = Gates.PrOpened } },
            Waits("longer", 2) with { State = Waits("longer", 2).State with { CurrentGate = Gates.PrOpened } },
            Item("done", 1) with { State = State("done") with { CurrentGate = Gates.PrOpened, IsDone = true, WaitingOn = null } });
        foreach (var order in new[] { ItemOrder.NewestChange, ItemOrder.LongestWaiting })
        {
            Expect.Same(["first"], await Of(new ItemQuery { CurrentGate = "", Order = order }));
            Expect.Same(["opened", "longer"], await Of(new ItemQuery { CurrentGate = Gates.PrOpened, IsOpen = true, Order = order }));
            Expect.Same([], await Of(new ItemQuery { CurrentGate = Gates.Merged, Order = order }));
        }
        Expect.Same(["opened", "longer", "done"], await Of(new ItemQuery { CurrentGate = Gates.PrOpened }));
        Expect.Sequence(["longer", "opened"], await Of(new ItemQuery { CurrentGate = Gates.PrOpened, Order = ItemOrder.LongestWaiting }));

        async Task<IEnumerable<string>> Of(ItemQuery query) => (await store.List(query)).Items.Ids();
    }

    private static async Task OpenOnly(ILoopStore store)
    {
        await store.PutItems(
            Item("open", 4),
            Item("done", 3) with { State = State("done") with { WaitingOn = null, IsDone = true } },
            Item("gone", 2) with { State = State("gone") with { WaitingOn = null, Abandoned = true } },
            Item("both", 1) with { State = State("both") with { WaitingOn = null, IsDone = true, Abandoned = true } });
        await Check(null, null, "open", "done", "gone", "both");
        await Check(true, null, "open");
        await Check(false, null, "done", "gone", "both");
        await Check(null, false, "open", "gone");
        await Check(true, false, "open");
        await Check(false, false, "gone");
        await Check(true, true);
        await Check(false, true, "done", "both");
        await store.PutItems(Item("gone", 9, 2), Item("open", 8, 2) with { State = State("open") with { WaitingOn = null, Abandoned = true } });
        await Check(true, null, "gone");

        async Task Check(bool? open, bool? done, params string[] expected)
        {
            var query = new ItemQuery { IsOpen = open, IsDone = done };
            Expect.Sequence(expected, (await store.List(query)).Items.Ids(), $"{query}");
        }
    }

    private static async Task LongestWaiting(ILoopStore store)
    {
        await store.PutItems(
            Waits("late", 9), Waits("early", 1), Waits("same-b", 5), Waits("same-a", 5), Waits("unknown", null),
            Waits("done", 0) with { State = Waits("done", 0).State with { IsDone = true } },
            Waits("gone", 0) with { State = Waits("gone", 0).State with { Abandoned = true } });
        var query = new ItemQuery { Order = ItemOrder.LongestWaiting };
        Expect.Sequence(["early", "same-a", "same-b", "late", "unknown"], (await store.List(query)).Items.Ids());
        Expect.Sequence(["early", "same-a", "same-b", "late", "unknown"], (await store.List(query with { WaitingOn = Gates.Merged, IsOpen = true, IsDone = false })).Items.Ids());
        Expect.Sequence([], (await store.List(query with { WaitingOn = Gates.MainCi })).Items.Ids());
        Expect.Sequence([], (await store.List(query with { IsDone = true })).Items.Ids());
        Expect.Sequence([], (await store.List(query with { IsOpen = false })).Items.Ids());
        // One that comes to wait on the next gate waits on that one since then.
        var moved = Waits("early", 7) with { Version = 2 };
        await store.PutItems(moved with { State = moved.State with { WaitingOn = Gates.MainCi, Gates = [new GateView { Gate = Gates.MainCi, EligibleAt = At(7) }] } });
        Expect.Sequence(["same-a", "same-b", "early", "late", "unknown"], (await store.List(query)).Items.Ids());
        Expect.Sequence(["early"], (await store.List(query with { WaitingOn = Gates.MainCi })).Items.Ids());
        await store.Put(new StoreCommit { At = T0, RemovedItems = ["same-a", "early"] });
        Expect.Sequence(["same-b", "late", "unknown"], (await store.List(query)).Items.Ids());
    }

    private static async Task LongestWaitingPages(ILoopStore store)
    {
        // Several items share each instant, so that pages break within one.
        await store.PutItems([.. Enumerable.Range(0, 23).Select(static i => Waits($"i{i:00}", i == 22 ? null : i / 5))]);
        var query = new ItemQuery { Order = ItemOrder.LongestWaiting };
        var all = (await store.List(query)).Items.Ids().ToList();
        Expect.Equal(23, all.Count);
        foreach (int limit in new[] { 1, 3, 7, 22, 23 })
        {
            var read = await ReadAll(store, query with { Limit = limit });
            Expect.Sequence(all, read);
        }
        var page = await store.List(query with { Limit = 4 });
        Expect.Sequence(all.Take(4), page.Items.Ids());
        // The one that the page ended with is gone, others came before and after it, and one moved.
        await store.Put(new StoreCommit { At = T0, Items = [Waits("before", -1), Waits("new", 2.5), Waits("i20", 0) with { Version = 2 }], RemovedItems = ["i03"] });
        Expect.Sequence([.. all.Skip(4).Take(11), "new", .. all.Skip(15).Take(5), "i21", "i22"], (await store.List(query with { Limit = 50, Cursor = page.NextCursor })).Items.Ids().Where(static i => i != "i20"));
    }

    private static async Task CursorOfAnotherOrder(ILoopStore store)
    {
        await store.PutItems(Waits("a", 1), Waits("b", 2));
        foreach (var (order, other) in new[] { (ItemOrder.NewestChange, ItemOrder.LongestWaiting), (ItemOrder.LongestWaiting, ItemOrder.NewestChange) })
        {
            var page = await store.List(new ItemQuery { Order = order, Limit = 1 });
            await Expect.Throws<ArgumentException>(() => store.List(new ItemQuery { Order = other, Cursor = page.NextCursor }), "a cursor of another order");
        }
    }

    private static async Task LongNames(ILoopStore store)
    {
        // No two bytes alike in a row, so that nothing makes it short.
        string name = string.Concat(Enumerable.Range(0, 150_000).Select(static i => $"{i % 991:000}-\u00e9\u200f<b>"));
        string almost = name + "!";
        await store.PutItems(Named("1", 1, name, name, name), Named("2", 2, almost, almost, almost));
        foreach (var query in new[] { new ItemQuery { Repository = name }, new ItemQuery { Agent = name }, new ItemQuery { Priority = name }, new ItemQuery { Agent = name, Order = ItemOrder.LongestWaiting } })
            Expect.Sequence(["1"], (await store.List(query)).Items.Ids());
        Expect.Equal(1, (await store.CountOpenAsync(new BoardQuery { Repository = name, Agent = name, Priority = name }, T0, CancellationToken.None)).Single().Items);
        Expect.Same([name, almost], (await store.ReadFacetsAsync(CancellationToken.None)).Agents.Select(static f => f.Name));
        await store.PutItems(
            Named("1", 3, name, name, name) with { Version = 2, State = Named("1", 3, name, name, name).State with { WaitingOn = null, IsDone = true } },
            Named("2", 4, almost, almost, almost) with { Version = 2, State = Named("2", 4, almost, almost, almost).State with { WaitingOn = null, IsDone = true } });
        foreach (var query in new[] { new ItemQuery { Repository = name }, new ItemQuery { Agent = name }, new ItemQuery { Priority = name } })
            Expect.Sequence(["1"], (await store.List(query with { IsDone = true })).Items.Ids());
    }

    private static ItemRecord Named(string id, double updated, string? repository, string? agent, string? priority) => Item(id, updated) with
    {
        State = State(id) with { Repository = repository, Priority = priority, Provenance = agent is null ? null : new Provenance { Agent = agent }, OpenedAt = At(updated) },
    };

    private static ItemRecord Waits(string id, double? since) => Item(id) with
    {
        State = State(id) with { Gates = [new GateView { Gate = Gates.Merged, EligibleAt = since is { } minutes ? At(minutes) : null }] },
    };
}
