namespace ClosedLoop.Storage.Postgres.Tests;

[Collection(PostgresCollection.Name)]
public sealed class PostgresConformanceTests(PostgresServer server) : StoreConformanceTests<PostgresLoopStore>
{
    protected override async Task WithStoreAsync(Func<PostgresLoopStore, Task> use)
    {
        await using var database = await Database.CreateAsync(server);
        await use(await database.OpenAsync());
    }
}
