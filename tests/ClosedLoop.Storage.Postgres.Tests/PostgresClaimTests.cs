using ClosedLoop.Facts;

namespace ClosedLoop.Storage.Postgres.Tests;

[Collection(PostgresCollection.Name)]
public sealed class PostgresClaimTests(PostgresServer server)
{
    private const int Rows = 2_000;

    [Fact]
    public async Task Eight_nodes_that_claim_at_once_never_get_a_row_twice_and_miss_none()
    {
        await using var database = await Database.CreateAsync(server);
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => database.OpenAsync()));
        await stores[0].CommitAsync(
            new StoreCommit
            {
                At = Batch.T0,
                Due = [.. Enumerable.Range(0, Rows).Select(static i => new DueChange { Subject = Key.Item($"i{i}"), Kind = "probe:x", DueAt = Batch.T0.AddSeconds(i) })],
                Outbox = [.. Enumerable.Range(0, Rows).Select(static i => new OutboxMessage($"m{i}", "s", "{}", Batch.T0.AddSeconds(i)))],
            },
            default);
        var request = new ClaimRequest { Now = Batch.T0.AddDays(1), Lease = TimeSpan.FromMinutes(1), Limit = 23 };
        var due = await Task.WhenAll(stores.Select(s => Task.Run(() => DrainAsync(() => s.ClaimDueAsync(request, default)))));
        var outbox = await Task.WhenAll(stores.Select(s => Task.Run(() => DrainAsync(() => s.ClaimOutboxAsync(request, default)))));
        Assert.Equal(Rows, due.Sum(static d => d.Count));
        Assert.Equal(Rows, due.SelectMany(static d => d).Select(static d => d.Subject).Distinct().Count());
        Assert.Equal(Rows, outbox.Sum(static d => d.Count));
        Assert.Equal(Rows, outbox.SelectMany(static d => d).Select(static d => d.Message.IdempotencyKey).Distinct().Count());
        Assert.Equal(2 * Rows, due.SelectMany(static d => d).Select(static d => d.Token).Concat(outbox.SelectMany(static o => o).Select(static o => o.Token)).Distinct().Count());
        Assert.All(due, static own => Assert.Equal(own.Select(static d => d.DueAt).Order(), own.Select(static d => d.DueAt)));
        // None was lost on the way: when their leases end all of them are there again.
        Assert.Equal(1000, (await stores[0].ClaimDueAsync(request with { Now = request.Now + request.Lease, Limit = 1000 }, default)).Count);
        Assert.Equal(1000, (await stores[1].ClaimDueAsync(request with { Now = request.Now + request.Lease, Limit = 1000 }, default)).Count);
    }

    [Fact]
    public async Task Nodes_that_change_the_same_rows_in_any_order_do_not_block_each_other_for_ever()
    {
        await using var database = await Database.CreateAsync(server);
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => database.OpenAsync()));
        // Claims, changes and removals of the same rows, in any order, in any number in one commit.
        await Task.WhenAll(stores.Select((store, node) => Task.Run(async () =>
        {
            var random = new Random(node);
            for (int round = 0; round < 60; round++)
            {
                DueChange[] changes =
                [
                    .. Enumerable.Range(0, 40).Select(_ => new DueChange
                    {
                        Subject = Key.Item($"i{random.Next(20)}"),
                        Kind = random.Next(2) == 0 ? "probe:x" : DueKinds.Sla,
                        DueAt = random.Next(4) == 0 ? null : Batch.T0.AddSeconds(random.Next(100)),
                        Mode = (DueMode)random.Next(4),
                    }),
                ];
                await store.CommitAsync(new StoreCommit { At = Batch.T0, Due = changes, RemovedItems = round % 10 == 0 ? [$"i{random.Next(20)}"] : [] }, default);
                await store.ClaimDueAsync(new ClaimRequest { Now = Batch.T0.AddSeconds(50), Lease = TimeSpan.FromSeconds(random.Next(1, 9)), Limit = 5 }, default);
            }
        })));
        Assert.Equal(0, await database.ScalarAsync<long>($"SELECT deadlocks FROM pg_stat_database WHERE datname = '{database.Name}'"));
    }

    private static async Task<List<T>> DrainAsync<T>(Func<ValueTask<IReadOnlyList<T>>> claim)
    {
        var own = new List<T>();
        while (await claim() is { Count: > 0 } some) own.AddRange(some);
        return own;
    }
}
