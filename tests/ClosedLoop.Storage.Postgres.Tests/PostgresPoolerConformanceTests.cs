namespace ClosedLoop.Storage.Postgres.Tests;

/// <summary>The same behind a pooler, where a session cannot listen.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresPoolerConformanceTests(PostgresServer server) : StoreConformanceTests<PostgresLoopStore>
{
    protected override async Task WithStoreAsync(Func<PostgresLoopStore, Task> use)
    {
        await using var database = await Database.CreateAsync(server);
        await use(await database.OpenAsync(pollOnly: true));
    }
}
