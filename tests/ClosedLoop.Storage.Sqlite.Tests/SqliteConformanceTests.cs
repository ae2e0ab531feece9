using ClosedLoop.Testing.Conformance;

namespace ClosedLoop.Storage.Sqlite.Tests;

public sealed class SqliteConformanceTests
{
    public static TheoryData<string> Cases => [.. StoreConformance.Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_store_conforms(string name)
    {
        using var file = new TempFile();
        await StoreConformance.Find(name).Run(await file.OpenAsync());
    }
}
