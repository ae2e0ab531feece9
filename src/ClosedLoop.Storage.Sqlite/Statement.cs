using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>
/// A prepared statement, straight on SQLite's C interface: through ADO.NET the same rows take about twice as long and two to three
/// kilobytes of garbage each. Used by one thread at a time.
/// </summary>
internal sealed class Statement : IDisposable
{
    private const int OnStack = 1024;
    private readonly sqlite3 _database;

    public Statement(sqlite3 database, string sql)
    {
        _database = database;
        // PERSISTENT: it is kept for as long as the connection, so it must not take from the small pool for passing ones.
        int code = raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle);
        Handle = handle;
        Check(code);
    }

    public sqlite3_stmt Handle { get; }

    /// <summary>Binds ?1, ?2, … in order.</summary>
    public void Bind(ReadOnlySpan<SqlValue> values)
    {
        for (int i = 0; i < values.Length; i++) Bind(i + 1, values[i]);
    }

    /// <summary>Runs to the next row.</summary>
    /// <returns>False when there is none (any more).</returns>
    public bool Step()
    {
        int code = raw.sqlite3_step(Handle);
        if (code == raw.SQLITE_ROW) return true;
        if (code == raw.SQLITE_DONE) return false;
        Check(code);
        return false;
    }

    /// <summary>Ends a run: its locks go. An error was reported by the step already.</summary>
    public void Reset() => raw.sqlite3_reset(Handle);

    public void Dispose() => Handle.Dispose();

    private void Bind(int index, in SqlValue value)
    {
        Check(value.Type switch
        {
            SqlType.Null => raw.sqlite3_bind_null(Handle, index),
            SqlType.Number => raw.sqlite3_bind_int64(Handle, index, value.Number),
            // An empty span has no address, and without an address SQLite binds NULL.
            SqlType.Text when value.Text!.Length == 0 => raw.sqlite3_bind_text(Handle, index, ""),
            SqlType.Text => BindText(index, value.Text!),
            SqlType.Utf8 => raw.sqlite3_bind_text(Handle, index, value.Bytes.Span),
            _ when value.Bytes.IsEmpty => raw.sqlite3_bind_zeroblob(Handle, index, 0),
            _ => raw.sqlite3_bind_blob(Handle, index, value.Bytes.Span),
        });
    }

    private int BindText(int index, string text)
    {
        // SQLite takes its own copy.
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most <= OnStack)
        {
            Span<byte> bytes = stackalloc byte[OnStack];
            return raw.sqlite3_bind_text(Handle, index, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
        }
        byte[] rented = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            return raw.sqlite3_bind_text(Handle, index, rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(code, _database);
    }
}
