using System.Collections.Concurrent;
using System.Globalization;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Intake;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Storage.Postgres.Tests;

[Collection(PostgresCollection.Name)]
public sealed class PostgresOutageTests(PostgresServer server)
{
    [Fact]
    public async Task When_the_server_dies_and_comes_back_every_acknowledged_delivery_is_there_once() => await UnderLoadAsync(async _ =>
    {
        await server.StopAsync("immediate");
        await server.StartAsync();
    });

    [Fact]
    public async Task When_backends_are_terminated_every_acknowledged_delivery_is_there_once() => await UnderLoadAsync(database =>
        database.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database.Name}' AND pid <> pg_backend_pid()"));

    private async Task UnderLoadAsync(Func<Database, Task> harm)
    {
        const int Harms = 4, Between = 60;
        await using var database = await Database.CreateAsync(server);
        var nodes = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Node.StartAsync(loop => loop.UsePostgres(database.ConnectionString), runs: true)));
        var acknowledged = new ConcurrentDictionary<int, SubmissionOutcome>();
        using var stop = new CancellationTokenSource();
        int next = 0;
        var load = Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                int number = Interlocked.Increment(ref next);
                string id = number.ToString(CultureInfo.InvariantCulture);
                SubmissionResult result;
                // As a sender does: what was not acknowledged is sent again.
                while ((result = await nodes[worker % 2].DeliverAsync(id, Given.PrOpen(number, 1, Given.Item(number % 20)))).Outcome == SubmissionOutcome.Busy)
                    await Task.Delay(TimeSpan.FromMilliseconds(50));
                acknowledged[number] = result.Outcome;
            }
        })).ToArray();
        try
        {
            for (int i = 1; i <= Harms; i++)
            {
                int seen = acknowledged.Count;
                await Eventually.TrueAsync(() => Task.FromResult(acknowledged.Count >= seen + Between), $"{Between} more deliveries are acknowledged");
                await harm(database);
            }
            int before = acknowledged.Count;
            await Eventually.TrueAsync(() => Task.FromResult(acknowledged.Count >= before + Between), "it goes on after the last one");
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(load);
            foreach (var node in nodes) await node.DisposeAsync();
        }
        // Duplicate: it had been stored although the connection was lost before the answer came.
        Assert.All(acknowledged.Values, static outcome => Assert.True(outcome is SubmissionOutcome.Committed or SubmissionOutcome.Duplicate));
        Assert.Equal(acknowledged.Count, await database.ScalarAsync<long>("SELECT count(*) FROM delivery"));
        Assert.Equal(acknowledged.Count, await database.ScalarAsync<long>("SELECT count(*) FROM fact WHERE subject LIKE 'pr:%'"));
        Assert.Equal(acknowledged.Count, await database.ScalarAsync<long>("SELECT count(*) FROM fact_log"));
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM quarantine"));
        await PostgresNodesTests.AssertSoundAsync(database);
    }
}
