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
                Gates = [new GateView { Gate = Gates.Merged, FinishBy = (i & 8) == 0 ? null : At(i) }],
            },
        };
    }

    private static IEnumerable<ItemQuery> Queries() =>
        from pipeline in new[] { null, "one", "none" }
        from waiting in new[] { null, Gates.MainCi }
        from done in new bool?[] { null, true, false }
        from overdue in new DateTimeOffset?[] { null, At(15) }
        select new ItemQuery { Pipeline = pipeline, WaitingOn = waiting, IsDone = done, OverdueAt = overdue };
}
