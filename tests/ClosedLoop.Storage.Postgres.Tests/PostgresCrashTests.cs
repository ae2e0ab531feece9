namespace ClosedLoop.Storage.Postgres.Tests;

[Collection(PostgresCollection.Name)]
public sealed class PostgresCrashTests(PostgresServer server)
{
    [Fact]
    public async Task A_process_that_is_killed_while_it_writes_loses_nothing_it_acknowledged_and_leaves_no_half_batch()
    {
        await using var database = await Database.CreateAsync(server);
        var store = await database.OpenAsync();
        int next = 1;
        foreach (int kill in CrashRounds.Kills)
        {
            int acknowledged = await KilledWriter.RunAsync(database.ConnectionString, next, kill);
            Assert.True(acknowledged >= next + kill - 1, "the writer came as far as the test let it");
            // What it had sent is carried out to its end; then nobody but this test is connected.
            await Eventually.TrueAsync(async () => await database.ScalarAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database.Name}' AND state = 'active' AND pid <> pg_backend_pid()") == 0, "the killed writer's session ends");
            for (int number = next; number <= acknowledged; number++) Assert.Equal(1, await Batch.PresenceAsync(store, number));
            // The one after may have become durable without having been acknowledged, but then whole.
            double after = await Batch.PresenceAsync(store, acknowledged + 1);
            Assert.True(after is 0 or 1, $"batch {acknowledged + 1} is there by {after:P0}");
            int present = acknowledged + (int)after;
            Assert.Equal(0, await Batch.PresenceAsync(store, present + 1));
            Assert.Equal(present * Batch.Parts, await database.ScalarAsync<long>("SELECT max(seq) FROM transition"));
            Assert.Equal(present * Batch.Parts, await database.ScalarAsync<long>("SELECT count(*) FROM transition"));
            Assert.Equal(present * Batch.Parts, await database.ScalarAsync<long>("SELECT count(*) FROM fact_log"));
            Assert.Equal(present, await database.ScalarAsync<long>("SELECT count(*) FROM outbox"));
            Assert.Equal(present, await database.ScalarAsync<long>("SELECT count(*) FROM quarantine"));
            next = present + 1;
        }
        for (int number = 1; number < next; number++) Assert.Equal(1, await Batch.PresenceAsync(store, number));
    }
}
