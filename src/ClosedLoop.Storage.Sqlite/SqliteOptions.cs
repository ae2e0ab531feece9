using Microsoft.Data.Sqlite;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>Where the SQLite store keeps its file, and how patient it is. Set either <see cref="Path"/> or <see cref="ConnectionString"/>.</summary>
public sealed class SqliteOptions
{
    /// <summary>The most readers that <see cref="Readers"/> may ask for: 64.</summary>
    public const int MaxReaders = 64;

    /// <summary>The file's path; relative to the current directory when it is not rooted. The file is made when it is missing, its directory is not.</summary>
    public string? Path { get; set; }

    /// <summary>
    /// A connection string of Microsoft.Data.Sqlite, such as <c>Data Source=closedloop.db</c>. Its pooling and mode are set by the store.
    /// A database in memory is refused: its connections would not see each other's rows.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>How many reads may run at the same time, beside the one writer; 1 to <see cref="MaxReaders"/>.</summary>
    /// <value>The default is 4.</value>
    public int Readers { get; set; } = 4;

    /// <summary>How long a call waits for another process that writes to the file; 1 s to 1 min.</summary>
    /// <value>The default is 5 s.</value>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether the record is only read, beside whoever writes it: nothing is locked, created or migrated. A command looks at a service's record so.
    /// </summary>
    internal bool ReadOnly { get; set; }

    /// <exception cref="ArgumentException">An option is out of its range; the message names it and the fix.</exception>
    internal SqliteConnectionStringBuilder Validate()
    {
        if (string.IsNullOrWhiteSpace(Path) == string.IsNullOrWhiteSpace(ConnectionString))
            throw new ArgumentException("Set exactly one of SqliteOptions.Path (a file's path) and SqliteOptions.ConnectionString (Data Source=closedloop.db).");
        if (Readers is < 1 or > MaxReaders)
            throw new ArgumentException($"SqliteOptions.Readers is {Readers}; it must be 1 to {MaxReaders}.");
        if (BusyTimeout < TimeSpan.FromSeconds(1) || BusyTimeout > TimeSpan.FromMinutes(1))
            throw new ArgumentException($"SqliteOptions.BusyTimeout is {BusyTimeout}; it must be 1 s to 1 min.");
        SqliteConnectionStringBuilder builder;
        try
        {
            builder = string.IsNullOrWhiteSpace(Path) ? new SqliteConnectionStringBuilder(ConnectionString) : new SqliteConnectionStringBuilder { DataSource = Path };
        }
        catch (ArgumentException e)
        {
            // The text itself stays out of the message: it may hold a password.
            throw new ArgumentException($"SqliteOptions.ConnectionString cannot be read; expected a form such as Data Source=closedloop.db. {e.Message}", e);
        }
        if (builder.DataSource.Length == 0)
            throw new ArgumentException("SqliteOptions.ConnectionString names no file; add Data Source=closedloop.db.");
        if (builder.Mode == SqliteOpenMode.Memory || builder.DataSource.Contains(":memory:", StringComparison.OrdinalIgnoreCase) || builder.DataSource.Contains("mode=memory", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException("SqliteOptions names a database in memory, which several connections cannot share; give a file, or use InMemoryLoopStore.");
        builder.Mode = ReadOnly ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadWriteCreate;
        builder.Cache = SqliteCacheMode.Private;
        builder.Pooling = false;
        builder.DefaultTimeout = (int)Math.Ceiling(BusyTimeout.TotalSeconds);
        return builder;
    }
}
