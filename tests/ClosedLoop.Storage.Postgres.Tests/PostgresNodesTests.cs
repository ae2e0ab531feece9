using System.Globalization;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Storage.Postgres.Tests;

/// <summary>Several engines on one database.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresNodesTests(PostgresServer server)
{
    private const int Nodes = 4;

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task Four_engines_that_take_the_same_deliveries_in_any_order_agree_with_one_in_memory(int seed, bool pollOnly)
    {
        await using var database = await Database.CreateAsync(server);
        Fact[] facts = [.. Enumerable.Range(0, 12).SelectMany(i => Histories.Make((seed * 100) + i).Facts)];
        await using var reference = await Node.InMemoryAsync();
        for (int i = 0; i < facts.Length; i++) await reference.DeliverAsync(Id(i), facts[i]);

        var nodes = await Task.WhenAll(Enumerable.Range(0, Nodes).Select(_ => Node.StartAsync(
            loop => loop.UsePostgres(o => (o.ConnectionString, o.PollOnly) = (database.ConnectionString, pollOnly)), runs: true)));
        try
        {
            // Each delivery reaches two of the nodes, each node in an order of its own, eight at a time.
            var outcomes = await Task.WhenAll(nodes.Select((node, n) => Task.Run(async () =>
            {
                var own = Enumerable.Range(0, facts.Length).Where(i => (i + n) % Nodes < 2).ToArray();
                new Random(seed + n).Shuffle(own);
                var results = new List<(int Delivery, SubmissionOutcome Outcome)>();
                foreach (int[] together in own.Chunk(8))
                    results.AddRange(await Task.WhenAll(together.Select(async i => (i, (await node.DeliverAsync(Id(i), facts[i])).Outcome))));
                return results;
            })));

            // Nobody was starved, each delivery counts once, and the other time it is known.
            Assert.Equal(
                Enumerable.Range(0, facts.Length).Select(static i => $"{i}: Committed, Duplicate"),
                outcomes.SelectMany(static o => o).GroupBy(static o => o.Delivery).OrderBy(static g => g.Key).Select(static g => $"{g.Key}: {string.Join(", ", g.Select(static o => o.Outcome).Order())}"));
            string expected = await reference.StatesAsync();
            foreach (var node in nodes) Assert.Equal(expected, await node.StatesAsync());
            Assert.Equal(facts.Length, await database.ScalarAsync<long>("SELECT count(*) FROM delivery"));
            await AssertSoundAsync(database);
        }
        finally
        {
            foreach (var node in nodes) await node.DisposeAsync();
        }
    }

    /// <summary>What must be so whatever happened: the log has no gap, nothing was opened twice, no transaction was a victim of a deadlock.</summary>
    internal static async Task AssertSoundAsync(Database database)
    {
        Assert.Equal(await database.ScalarAsync<long>("SELECT coalesce(max(seq), 0) FROM transition"), await database.ScalarAsync<long>("SELECT count(*) FROM transition"));
        Assert.Equal(await database.ScalarAsync<long>("SELECT value FROM meta WHERE name = 'transition'"), await database.ScalarAsync<long>("SELECT count(*) FROM transition"));
        Assert.Equal(0, await database.ScalarAsync<long>("""
            SELECT count(*) FROM (SELECT item_id FROM transition GROUP BY item_id
                HAVING count(*) FILTER (WHERE json::jsonb ->> 'kind' = 'Opened') > 1 + count(*) FILTER (WHERE json::jsonb ->> 'kind' = 'Replaced')) AS opened_twice
            """));
        Assert.Equal(0, await database.ScalarAsync<long>($"SELECT deadlocks FROM pg_stat_database WHERE datname = '{database.Name}'"));
    }

    private static string Id(int delivery) => delivery.ToString(CultureInfo.InvariantCulture);
}
