using System.Text;
using SQLitePCL;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>The rows of a query, one at a time. To be disposed before the same statement runs again.</summary>
internal readonly struct Rows(Statement statement) : IDisposable
{
    /// <summary>Goes to the next row; false after the last one.</summary>
    public bool Read() => statement.Step();

    public bool IsNull(int column) => raw.sqlite3_column_type(statement.Handle, column) == raw.SQLITE_NULL;

    public long Number(int column) => raw.sqlite3_column_int64(statement.Handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>The bytes of a text or blob, good until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(statement.Handle, column);

    public DateTimeOffset Instant(int column) => new(Number(column), TimeSpan.Zero);

    public void Dispose() => statement.Reset();
}
