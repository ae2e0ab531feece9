using Microsoft.Data.Sqlite;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>
/// The right of one store to write to a file, held as a lock on an empty file beside it. The operating system gives it back when the process
/// ends, however it ends. Who holds it stands in the record itself.
/// </summary>
internal sealed class WriterLock : IDisposable
{
    private const string Suffix = "-writer";
    private readonly FileStream? _file;

    private WriterLock(FileStream? file) => _file = file;

    /// <exception cref="StoreUnavailableException">Another process, or another store of this one, has the file open.</exception>
    public static WriterLock Take(SqliteConnectionStringBuilder options, TimeSpan busyTimeout)
    {
        string path = options.DataSource + Suffix;
        try
        {
            return new WriterLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose));
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new StoreUnavailableException(
                $"{options.DataSource} is open for writing in {Holder(options, busyTimeout)}. A SQLite record belongs to one process: stop that one, point this one at another file, or use the PostgreSQL store for several nodes.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No such directory, no right to write: SQLite is about to meet the same, and says what to do.
            return new WriterLock(null);
        }
    }

    /// <summary>Writes into the record who holds it, for whoever is refused.</summary>
    public static void Sign(Session session) => session.Execute(SqliteStatements.PutWriter, (long)Environment.ProcessId);

    public void Dispose() => _file?.Dispose();

    private static string Holder(SqliteConnectionStringBuilder options, TimeSpan busyTimeout)
    {
        try
        {
            using var session = Session.Open(options, busyTimeout, writes: false);
            return session.NumberOrNull(SqliteStatements.ReadMeta, "writer") is not { } id ? "another process" : id == Environment.ProcessId ? "another store of this process" : $"process {id}";
        }
        catch (SqliteException)
        {
            return "another process";
        }
    }
}
