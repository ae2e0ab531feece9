namespace ClosedLoop.Storage.Postgres.Tests;

/// <summary>One server for the whole assembly. Its tests run one after the other: some of them stop it.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";
}
