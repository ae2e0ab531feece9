namespace ClosedLoop.Storage.Sqlite.Tests;

public sealed class SqliteOptionsTests
{
    public static TheoryData<SqliteOptions, string> Wrong => new()
    {
        { new SqliteOptions(), "Set exactly one of" },
        { new SqliteOptions { Path = "a.db", ConnectionString = "Data Source=a.db" }, "Set exactly one of" },
        { new SqliteOptions { Path = "a.db", Readers = 0 }, "SqliteOptions.Readers is 0; it must be 1 to 64" },
        { new SqliteOptions { Path = "a.db", Readers = 65 }, "SqliteOptions.Readers is 65" },
        { new SqliteOptions { Path = "a.db", BusyTimeout = TimeSpan.Zero }, "SqliteOptions.BusyTimeout" },
        { new SqliteOptions { Path = "a.db", BusyTimeout = TimeSpan.FromMinutes(2) }, "SqliteOptions.BusyTimeout" },
        { new SqliteOptions { ConnectionString = "Dta Source=a.db" }, "expected a form such as Data Source=closedloop.db" },
        { new SqliteOptions { ConnectionString = "Cache=Shared" }, "names no file" },
        { new SqliteOptions { Path = ":memory:" }, "InMemoryLoopStore" },
        { new SqliteOptions { ConnectionString = "Data Source=a;Mode=Memory" }, "InMemoryLoopStore" },
        { new SqliteOptions { ConnectionString = "Data Source=file:a?mode=memory" }, "InMemoryLoopStore" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_option_is_refused_with_its_name_and_the_fix(SqliteOptions options, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => new SqliteLoopStore(options));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_are_as_documented()
    {
        var options = new SqliteOptions();
        Assert.Equal(4, options.Readers);
        Assert.Equal(TimeSpan.FromSeconds(5), options.BusyTimeout);
    }

    [Fact]
    public async Task A_connection_string_names_the_file()
    {
        using var file = new TempFile();
        using var store = new SqliteLoopStore(new SqliteOptions { ConnectionString = $"Data Source={file.Path};Pooling=True" });
        await store.InitializeAsync(default);
        Assert.True(File.Exists(file.Path));
    }
}
