namespace ClosedLoop.Storage.Sqlite.Tests;

/// <summary>A directory of its own for one test's database, and the stores on it; all gone afterwards.</summary>
internal sealed class TempFile : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("closedloop-");
    private readonly List<SqliteLoopStore> _stores = [];

    public string Path => System.IO.Path.Combine(_directory.FullName, "loop.db");

    public async Task<SqliteLoopStore> OpenAsync()
    {
        var store = new SqliteLoopStore(new SqliteOptions { Path = Path, BusyTimeout = TimeSpan.FromSeconds(30) });
        lock (_stores) _stores.Add(store);
        await store.InitializeAsync(default);
        return store;
    }

    /// <summary>A connection of somebody else, to look at the file or to harm it.</summary>
    public Session Inspect() => Session.Open(new SqliteOptions { Path = Path }.Validate(), TimeSpan.FromSeconds(30), writes: true);

    public void CloseAll()
    {
        foreach (var store in _stores) store.Dispose();
    }

    public void Dispose()
    {
        CloseAll();
        _directory.Delete(recursive: true);
    }
}
