using ClosedLoop.Items;

namespace ClosedLoop.Storage.Tests;

/// <summary>Items of all kinds that a board tells apart, and everything that it asks of them.</summary>
internal static class BoardItems
{
    private static readonly DateTimeOffset T0 = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<ItemRecord> Some() => [.. Enumerable.Range(0, 40).Select(static i => Item(i, 1))];

    /// <summary>Each kind of step: done, abandoned, taken up again, renamed, removed, and one that changes nothing of the board.</summary>
    public static async Task ChangeAsync(ILoopStore store)
    {
        ItemRecord[] items =
        [
            .. Enumerable.Range(0, 12).Select(static i => Item(i, 2)).Select(static (r, i) => r with
            {
                State = (i % 4) switch
                {
                    0 => r.State with { IsDone = true, Abandoned = false, WaitingOn = null },
                    1 => r.State with { IsDone = false, Abandoned = false },
                    2 => r.State with { Repository = "acme/renamed", Provenance = null, Priority = "P9 \"quoted\" \U0001F600" },
                    _ => r.State with { Title = "nothing else" },
                },
            }),
        ];
        await store.CommitAsync(new StoreCommit { At = T0, Items = items, RemovedItems = ["b20", "b21", "b22"] }, default);
    }

    public static async Task<string> AnswersAsync(ILoopStore store)
    {
        var text = new List<object>();
        foreach (double hours in new[] { 0, 20.5 })
        {
            text.AddRange(await store.CountAsync(T0.AddHours(hours), default));
            foreach (var query in new[] { new BoardQuery(), new BoardQuery { Repository = "acme/1" }, new BoardQuery { Agent = "größe\0" }, new BoardQuery { Pipeline = "one", Priority = "P1" } })
                text.AddRange(await store.CountOpenAsync(query, T0.AddHours(hours), default));
        }
        var facets = await store.ReadFacetsAsync(default);
        text.AddRange([.. facets.Repositories, .. facets.Agents, .. facets.Priorities]);
        foreach (var query in new ItemQuery[] { new(), new() { IsOpen = true }, new() { IsDone = false }, new() { Agent = "größe\0" }, new() { IsDone = true, Priority = "P1" }, new() { Order = ItemOrder.LongestWaiting }, new() { WaitingOn = "main-ci", Order = ItemOrder.LongestWaiting } })
            text.Add(string.Join(' ', (await store.QueryItemsAsync(query, default)).Items.Select(static i => i.State.Id)));
        return string.Join('\n', text);
    }

    private static ItemRecord Item(int i, long version) => new()
    {
        State = new ItemState
        {
            Id = $"b{i:00}",
            Pipeline = i % 2 == 0 ? "one" : "two",
            DoneDefinition = "merged",
            Repository = i % 3 == 0 ? null : $"acme/{i % 3}",
            Priority = i % 4 == 0 ? null : $"P{i % 4}",
            Provenance = (i % 5) switch { 0 => null, 1 => new Provenance { Model = "m" }, 2 => new Provenance { Agent = "größe\0" }, _ => new Provenance { Agent = $"builder-{i % 5}" } },
            IsDone = i % 6 == 5,
            Abandoned = i % 7 == 6,
            WaitingOn = i % 6 == 5 || i % 7 == 6 ? null : i % 4 < 2 ? "merged" : "main-ci",
            CurrentGate = i % 4 < 2 ? null : "merged",
            OpenedAt = i % 8 == 7 ? null : T0.AddHours(i),
            Gates = [new GateView { Gate = "merged", FinishBy = T0.AddHours(i), EligibleAt = i % 4 == 0 ? T0.AddHours(-i) : null }],
        },
        Version = version,
        UpdatedAt = T0.AddMinutes(i * version),
    };
}
