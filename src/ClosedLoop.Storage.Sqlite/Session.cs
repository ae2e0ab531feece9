using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class Session : IDisposable
{
    private readonly SqliteConnection _connection;

    // Statements come from SqliteStatements and from the few shapes of an item query, so this stays small.
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    private Session(SqliteConnection connection) => _connection = connection;

    public string File => _connection.DataSource;

    public static Session Open(SqliteConnectionStringBuilder options, TimeSpan busyTimeout, bool writes)
    {
        var connection = new SqliteConnection(options.ConnectionString);
        try
        {
            connection.Open();
            var session = new Session(connection);
            session.Run($"PRAGMA busy_timeout = {(long)busyTimeout.TotalMilliseconds}");
            // FULL: in WAL mode NORMAL may lose the last commits when power fails, and an acknowledged delivery must stay.
            // The cache holds the pages that a busy week touches. Checkpoints has copied most of the log long before SQLite would do it (128 MB).
            session.Run(writes
                ? "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 32000;"
                : "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY;");
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs a statement; its parameters are ?1, ?2, … in order.</summary>
    /// <returns>The number of rows that it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<SqlValue> values)
    {
        using (var rows = Query(sql, values))
            while (rows.Read())
            {
            }
        return raw.sqlite3_changes(_connection.Handle);
    }

    /// <summary>Whether a query has a row.</summary>
    public bool Any(string sql, params ReadOnlySpan<SqlValue> values)
    {
        using var rows = Query(sql, values);
        return rows.Read();
    }

    /// <summary>Reads the first column of the first row; null when it is null or there is no row.</summary>
    public long? NumberOrNull(string sql, params ReadOnlySpan<SqlValue> values)
    {
        using var rows = Query(sql, values);
        if (!rows.Read() || rows.IsNull(0)) return null;
        long number = rows.Number(0);
        // To the end, or an UPDATE … RETURNING would not be complete.
        while (rows.Read())
        {
        }
        return number;
    }

    public long Number(string sql, params ReadOnlySpan<SqlValue> values) => NumberOrNull(sql, values) ?? throw new InvalidOperationException($"The file {File} has no row for: {sql}");

    /// <summary>Reads the first column of the first row; null when it is null or there is no row.</summary>
    public string? Text(string sql, params ReadOnlySpan<SqlValue> values)
    {
        using var rows = Query(sql, values);
        return rows.Read() ? rows.TextOrNull(0) : null;
    }

    /// <summary>Opens the rows of a query; to be disposed before the same statement runs again.</summary>
    public Rows Query(string sql, params ReadOnlySpan<SqlValue> values)
    {
        if (!_statements.TryGetValue(sql, out var statement)) _statements[sql] = statement = new Statement(_connection.Handle!, sql);
        statement.Bind(values);
        return new Rows(statement);
    }

    /// <summary>Runs a script once, without keeping it.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "All SQL is this assembly's own text; values are bound.")]
    public void Run(string script)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = script;
        command.ExecuteNonQuery();
    }

    /// <summary>Runs work in a transaction: all of it or nothing.</summary>
    public T InTransaction<T>(string begin, Func<Session, T> work)
    {
        using var transaction = new Transaction(this, begin);
        var result = work(this);
        transaction.Commit();
        return result;
    }

    /// <summary>As <see cref="InTransaction"/>, for work that waits for something on the way.</summary>
    public async ValueTask<T> InTransactionAsync<T>(string begin, Func<Session, ValueTask<T>> work)
    {
        using var transaction = new Transaction(this, begin);
        var result = await work(this).ConfigureAwait(false);
        transaction.Commit();
        return result;
    }

    /// <summary>How many pages this connection has added to the log since it was last asked.</summary>
    public int TakePagesWritten()
    {
        raw.sqlite3_db_status(_connection.Handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out int pages, out _, 1);
        return pages;
    }

    /// <summary>Copies of the log what no reader needs any more, and waits for nobody.</summary>
    /// <returns>The length of the log, in pages; 0 when it could not be read.</returns>
    public int Checkpoint() => raw.sqlite3_wal_checkpoint_v2(_connection.Handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out int length, out _) == raw.SQLITE_OK ? length : 0;

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _statements.Clear();
        _connection.Dispose();
    }

    private void Rollback()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself (disk full, I/O error); the first error is the one to report.
        }
    }

    /// <summary>Rolled back when it ends uncommitted.</summary>
    private sealed class Transaction : IDisposable
    {
        private readonly Session _session;
        private bool _isCommitted;

        public Transaction(Session session, string begin)
        {
            _session = session;
            session.Execute(begin);
        }

        public void Commit()
        {
            _session.Execute("COMMIT");
            _isCommitted = true;
        }

        public void Dispose()
        {
            if (!_isCommitted) _session.Rollback();
        }
    }
}
