using Microsoft.Data.Sqlite;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>
/// Copies what the log (WAL) holds into the file, beside the writes: SQLite itself does it within the commit that fills the log, and the deliveries of that commit wait for
/// thousands of pages. Called by one writer at a time.
/// </summary>
/// <param name="open">Opens a connection of its own, once there is something to copy.</param>
/// <param name="everyPages">Pages written after which the log is copied.</param>
internal sealed class Checkpoints(Func<Session> open, int everyPages = Checkpoints.EveryPages) : IDisposable
{
    /// <summary>32 MB. A page that changed a hundred times is copied once.</summary>
    internal const int EveryPages = 8_000;

    private Session? _session;
    private int _written;
    private int _length;

    /// <summary>The copying that began last.</summary>
    internal Task Running { get; private set; } = Task.CompletedTask;

    // While writes never pause, the log ends only when a commit copies what came during the last copying. It does from this length on.
    private int EndAtPages => 2 * everyPages;

    /// <summary>To be called after each commit, before the next one.</summary>
    public void Committed(Session writer)
    {
        _written += writer.TakePagesWritten();
        if (!Running.IsCompleted) return;
        if (_length >= EndAtPages)
        {
            writer.Checkpoint();
            _length = _written = 0;
        }
        if (_written < everyPages) return;
        _written = 0;
        Running = Task.Run(Copy);
    }

    public void Dispose()
    {
        Running.Wait();
        _session?.Dispose();
    }

    // What fails here (a full disk, a damaged file) fails the next commit too, which says so; nothing that was committed depends on it.
    private void Copy()
    {
        try
        {
            _session ??= open();
            _length = _session.Checkpoint();
        }
        catch (SqliteException)
        {
            _length = 0;
        }
    }
}
