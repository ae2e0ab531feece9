namespace ClosedLoop.Storage.Sqlite.Tests;

public sealed class SqliteConformanceTests : StoreConformanceTests<SqliteLoopStore>
{
    protected override async Task WithStoreAsync(Func<SqliteLoopStore, Task> use)
    {
        using var file = new TempFile();
        await use(await file.OpenAsync());
    }
}
