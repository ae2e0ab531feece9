using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Testing.Time;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Storage.Postgres.Tests;

/// <summary>Hints from other nodes. The listening node's clock stands still, so that nothing but a hint can wake it.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresListenerTests(PostgresServer server)
{
    [Fact]
    public async Task What_another_node_records_wakes_who_waits_for_it()
    {
        await using var database = await Database.CreateAsync(server);
        var time = new ManualTimeProvider(Given.At(100));
        await using var here = await Node.StartAsync(loop => loop.UsePostgres(database.ConnectionString), runs: false, time);
        await using var there = await Node.StartAsync(loop => loop.UsePostgres(database.ConnectionString), runs: false);
        await ListeningAsync(database, 2);
        var watch = here.Loop.WatchAsync().GetAsyncEnumerator();
        for (int number = 1; number <= 3; number++)
        {
            var next = watch.MoveNextAsync().AsTask();
            Assert.False(next.IsCompleted);
            await there.DeliverAsync($"{number}", Given.Opened(Given.Item(number)));
            Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(60)));
            Assert.Equal($"BL-{number}", watch.Current.ItemId);
        }
        await watch.DisposeAsync();
    }

    [Fact]
    public async Task A_limit_that_ran_out_when_another_node_recorded_it_is_judged_by_the_engine_that_heard_of_it()
    {
        await using var database = await Database.CreateAsync(server);
        var time = new ManualTimeProvider(Given.At(100_000));
        var start = time.GetUtcNow();
        await using var here = await Node.StartAsync(loop => loop.UsePostgres(database.ConnectionString), runs: true, time);
        await using var there = await Node.StartAsync(loop => loop.UsePostgres(database.ConnectionString), runs: false);
        await ListeningAsync(database, 2);
        await there.DeliverAsync("1", Given.Opened(Given.Item(1)), Given.PrOpen(1, 1, Given.Item(1)));
        // The engine looks again a second after its last look; less than that passes here in all.
        await Eventually.TrueAsync(
            async () =>
            {
                if (time.GetUtcNow() - start < TimeSpan.FromMilliseconds(900)) time.Advance(TimeSpan.FromMilliseconds(5));
                return (await here.Store.ReadTransitionsAsync(new TransitionQuery(), default)).Any(static t => t.Kind == TransitionKind.Overdue);
            },
            "the limit is judged");
    }

    [Fact]
    public async Task A_listener_whose_backend_was_terminated_comes_back_and_makes_up_for_what_it_missed()
    {
        await using var database = await Database.CreateAsync(server);
        var time = new ManualTimeProvider(Given.At(100));
        await using var here = await Node.StartAsync(loop => loop.UsePostgres(database.ConnectionString), runs: false, time);
        await using var there = await Node.StartAsync(loop => loop.UsePostgres(o => (o.ConnectionString, o.PollOnly) = (database.ConnectionString, true)), runs: false);
        await ListeningAsync(database, 1);
        var watch = here.Loop.WatchAsync().GetAsyncEnumerator();
        var next = watch.MoveNextAsync().AsTask();
        Assert.True(await database.ScalarAsync<bool>($"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{database.Name}' AND application_name LIKE '%listener'"));
        await there.DeliverAsync("1", Given.Opened(Given.Item(1)));
        await Eventually.TrueAsync(
            () =>
            {
                // Its pause is by the clock; those who wait look by themselves only after a second.
                if (time.GetUtcNow() < Given.At(100).AddMilliseconds(900)) time.Advance(TimeSpan.FromMilliseconds(50));
                return Task.FromResult(next.IsCompleted);
            },
            "the listener is back and says so");
        Assert.True(await next);
        await ListeningAsync(database, 1);
        await watch.DisposeAsync();
    }

    [Fact]
    public async Task A_node_that_only_polls_listens_to_nothing_prepares_nothing_and_still_hears_of_it()
    {
        await using var database = await Database.CreateAsync(server);
        await using var here = await Node.StartAsync(loop => loop.UsePostgres(o => (o.ConnectionString, o.PollOnly) = (database.ConnectionString, true)), runs: true);
        await using var there = await Node.StartAsync(loop => loop.UsePostgres(o => (o.ConnectionString, o.PollOnly) = (database.ConnectionString, true)), runs: false);
        for (int number = 1; number <= 6; number++) await there.DeliverAsync($"{number}", Given.Opened(Given.Item(number)));
        int seen = 0;
        await foreach (var transition in here.Loop.WatchAsync())
            if (++seen == 6)
                break;
        Assert.Equal(0, await database.ScalarAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database.Name}' AND (application_name LIKE '%listener' OR query ILIKE 'LISTEN%' OR query ILIKE 'NOTIFY%')"));
    }

    private static Task ListeningAsync(Database database, int nodes) => Eventually.TrueAsync(
        async () => await database.ScalarAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database.Name}' AND application_name LIKE '%listener' AND state = 'idle' AND query LIKE 'LISTEN%'") == nodes,
        "the nodes listen");
}
