using ClosedLoop.Testing.Conformance;

namespace ClosedLoop.Storage.Postgres.Tests;

[Collection(PostgresCollection.Name)]
public sealed class PostgresConformanceTests(PostgresServer server)
{
    public static TheoryData<string> Cases => [.. StoreConformance.Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_store_conforms(string name)
    {
        await using var database = await Database.CreateAsync(server);
        await StoreConformance.Find(name).Run(await database.OpenAsync());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_store_conforms_behind_a_pooler(string name)
    {
        await using var database = await Database.CreateAsync(server);
        await StoreConformance.Find(name).Run(await database.OpenAsync(pollOnly: true));
    }
}
