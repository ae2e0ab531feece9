using Microsoft.Data.Sqlite;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>Says of a SQLite error what happened, where, and what to do.</summary>
internal static class SqliteFailure
{
    // https://www.sqlite.org/rescode.html, primary codes.
    private const int Busy = 5;
    private const int Locked = 6;
    private const int NoMemory = 7;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>Whether the call may be repeated later; else its content is at fault.</summary>
    public static bool MayPass(SqliteException error) => Advice(error) is not null;

    public static StoreUnavailableException Explain(SqliteException error, string file) =>
        new($"SQLite error {error.SqliteErrorCode} ({error.SqliteExtendedErrorCode}) on {file}: {Advice(error)}.", error);

    private static string? Advice(SqliteException error) => error.SqliteErrorCode switch
    {
        Busy or Locked => "another process holds the write lock for longer than SqliteOptions.BusyTimeout. Repeat the call; when it stays so, look for a tool that has the file open in a transaction",
        NoMemory => "SQLite could not get memory. Free memory and repeat the call",
        ReadOnly => "the file or its directory may not be written. Give the process write access to the file and to its directory (for the -wal and -shm files), then repeat the call",
        IoError => "the disk reported an error or the file system does not support shared memory. Check the disk; do not put the file on a network share",
        Full => "the disk is full. Free space on the disk of the file, then repeat the call; nothing of this call was stored",
        CannotOpen => "the file cannot be opened. Check that its directory exists and that the process may write there",
        Corrupt => "the file is damaged. Stop the process, keep a copy of the file with its -wal and -shm files, and restore a backup (or salvage it with the sqlite3 tool's .recover)",
        NotADatabase => "the file is no SQLite database, or is encrypted. Point the store at another file, or restore a backup",
        _ => null,
    };
}
