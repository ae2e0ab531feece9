using Microsoft.Data.Sqlite;

namespace ClosedLoop.Storage.Sqlite.Tests;

public sealed class CheckpointsTests
{
    [Fact]
    public async Task A_full_log_is_copied_beside_the_writes_and_not_within_a_commit()
    {
        using var file = new TempFile();
        using var writer = Open(file);
        using var checkpoints = new Checkpoints(() => Open(file));
        Write(writer, Checkpoints.EveryPages);
        Assert.True(Copied(file) < 100, "the commit that filled the log copied nothing");
        checkpoints.Committed(writer);
        await checkpoints.Running;
        Assert.True(Copied(file) >= Checkpoints.EveryPages);
    }

    [Fact]
    public async Task A_log_that_is_not_full_is_left_alone()
    {
        using var file = new TempFile();
        using var writer = Open(file);
        using var checkpoints = new Checkpoints(() => Open(file));
        Write(writer, Checkpoints.EveryPages / 2);
        checkpoints.Committed(writer);
        await checkpoints.Running;
        Assert.True(Copied(file) < 100);
    }

    [Fact]
    public async Task A_log_to_which_something_was_added_while_it_was_copied_ends_with_the_next_commit()
    {
        using var file = new TempFile();
        using var writer = Open(file);
        using var checkpoints = new Checkpoints(() => Open(file));
        Write(writer, 2 * Checkpoints.EveryPages);
        // What is written after somebody began to read is not copied before he has read.
        using (var reader = file.Inspect())
        {
            reader.Run("BEGIN");
            reader.Number("SELECT count(*) FROM page");
            Write(writer, 100);
            checkpoints.Committed(writer);
            await checkpoints.Running;
            reader.Run("COMMIT");
        }
        Write(writer, 1);
        checkpoints.Committed(writer);
        Write(writer, 1);
        Assert.InRange(writer.Checkpoint(), 1, 100);
    }

    [Fact]
    public async Task A_log_that_cannot_be_copied_stops_no_write()
    {
        using var file = new TempFile();
        using var writer = Open(file);
        using var checkpoints = new Checkpoints(static () => throw new SqliteException("no more files can be opened", 14));
        for (int i = 0; i < 3; i++)
        {
            Write(writer, Checkpoints.EveryPages);
            checkpoints.Committed(writer);
            await checkpoints.Running;
        }
        Assert.True(writer.Number("SELECT count(*) FROM page") >= 3 * Checkpoints.EveryPages);
    }

    private static Session Open(TempFile file)
    {
        var session = file.Inspect();
        session.Run("CREATE TABLE IF NOT EXISTS page (bytes BLOB NOT NULL)");
        return session;
    }

    // A row fills a page.
    private static void Write(Session session, int pages) => session.InTransaction(SqliteStatements.BeginWrite, s =>
    {
        for (int i = 0; i < pages; i++) s.Execute("INSERT INTO page (bytes) VALUES (zeroblob(4000))");
        return true;
    });

    private static long Copied(TempFile file) => new FileInfo(file.Path).Length / 4096;
}
