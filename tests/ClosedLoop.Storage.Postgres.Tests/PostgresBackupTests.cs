using ClosedLoop.Facts;

namespace ClosedLoop.Storage.Postgres.Tests;

[Collection(PostgresCollection.Name)]
public sealed class PostgresBackupTests(PostgresServer server)
{
    [Fact]
    public async Task A_dump_that_was_taken_while_it_ran_is_restored_whole_and_goes_on_where_it_was()
    {
        await using var database = await Database.CreateAsync(server);
        await using var copy = await Database.CreateAsync(server);
        var store = await database.OpenAsync();
        for (int number = 1; number <= 20; number++) await store.CommitAsync(Batch.Create(number), default);
        var request = new ClaimRequest { Now = Batch.T0.AddDays(1), Lease = TimeSpan.FromMinutes(1), Limit = 5 };
        var held = await store.ClaimDueAsync(request, default);
        string file = server.File($"{database.Name}.dump");
        using (var stop = new CancellationTokenSource())
        {
            var writing = Task.Run(async () =>
            {
                for (int number = 21; !stop.IsCancellationRequested; number++) await store.CommitAsync(Batch.Create(number), default);
            });
            await server.ToolAsync("pg_dump", "--format=custom", "--file", file, "--dbname", database.Name);
            await stop.CancelAsync();
            await writing;
        }
        await server.ToolAsync("pg_restore", "--no-owner", "--dbname", copy.Name, file);
        var restored = await copy.OpenAsync();
        long batches = await copy.ScalarAsync<long>("SELECT count(*) FROM item");
        Assert.True(batches >= 20);
        for (int number = 1; number <= batches; number++) Assert.Equal(1, await Batch.PresenceAsync(restored, number));
        Assert.Equal(0, await Batch.PresenceAsync(restored, (int)batches + 1));
        // Numbers, tokens and the mark go on.
        Assert.Equal(CommitOutcome.Committed, (await restored.CommitAsync(Batch.Create((int)batches + 1), default)).Outcome);
        Assert.Equal(1, await Batch.PresenceAsync(restored, (int)batches + 1));
        Assert.Equal((batches + 1) * Batch.Parts, await copy.ScalarAsync<long>("SELECT max(seq) FROM transition"));
        var taken = await restored.ClaimDueAsync(request with { Now = request.Now + request.Lease }, default);
        Assert.Equal(held.Select(static h => h.Subject), taken.Select(static t => t.Subject));
        Assert.All(taken, t => Assert.True(t.Token > held.Max(static h => h.Token)));
        var loaded = await restored.LoadAsync(new LoadRequest { Subjects = [Key.Item(Batch.Id(1))] }, default);
        Assert.Equal(CommitOutcome.Committed, (await restored.CommitAsync(Batch.Create(1) with { Token = loaded.Token }, default)).Outcome);
    }
}
