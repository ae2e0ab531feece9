using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class Session : IDisposable
{
    private readonly SqliteConnection _connection;

    // Statements come from SqliteStatements and from the few shapes of an item query, so this stays small.
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

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
            session.Run(writes
                ? "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
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
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>Reads the first column of the first row; null without a row.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> values)
    {
        object? value = Bind(sql, values).ExecuteScalar();
        return value is DBNull ? null : value;
    }

    public long Number(string sql, params ReadOnlySpan<object?> values) => (long)Scalar(sql, values)!;

    /// <summary>Opens a reader; to be disposed before the same statement runs again.</summary>
    public SqliteDataReader Query(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteReader();

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
        Execute(begin);
        T result;
        try
        {
            result = work(this);
            Execute("COMMIT");
        }
        catch
        {
            Rollback();
            throw;
        }
        return result;
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values) command.Dispose();
        _commands.Clear();
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

    [SuppressMessage("Security", "CA2100", Justification = "All SQL is this assembly's own text; values are bound.")]
    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (int i = 1; i <= values.Length; i++) command.Parameters.Add(new SqliteParameter { ParameterName = $"?{i}" });
            _commands[sql] = command;
        }
        for (int i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }
}
