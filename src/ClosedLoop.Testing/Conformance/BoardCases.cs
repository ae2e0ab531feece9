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

    private static ItemRecord Until(string id, double minutes) =>
        Item(id) with { State = State(id) with { Gates = [new GateView { Gate = Gates.Merged, StartBy = At(minutes), FinishBy = At(minutes + 60) }] } };
}
