using Npgsql;

namespace ClosedLoop.Storage.Postgres.Tests;

/// <summary>Documents that several nodes change at the same time.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresDocumentTests(PostgresServer server)
{
    private const string Name = "incidents/open/red";

    [Theory]
    [InlineData("COMMIT", CommitOutcome.Conflict)]
    [InlineData("ROLLBACK", CommitOutcome.Committed)]
    public async Task Who_adds_a_document_that_another_node_is_adding_waits_for_how_that_ends(string end, CommitOutcome expected)
    {
        await using var database = await Database.CreateAsync(server);
        var store = await database.OpenAsync();
        Assert.Equal(expected, await WhileAsync(database, store, $"INSERT INTO document (name, body, version) VALUES ('{Name}', 'theirs', 1)", end, new DocumentChange(Name, "mine", 0)));
        Assert.Equal([new StoredDocument(Name, expected == CommitOutcome.Committed ? "mine" : "theirs", 1)], await ReadAsync(store));
    }

    [Theory]
    [InlineData("UPDATE document SET body = 'theirs', version = 2", "COMMIT", CommitOutcome.Conflict)]
    [InlineData("UPDATE document SET body = 'theirs', version = 2", "ROLLBACK", CommitOutcome.Committed)]
    [InlineData("DELETE FROM document", "COMMIT", CommitOutcome.Conflict)]
    [InlineData("DELETE FROM document", "ROLLBACK", CommitOutcome.Committed)]
    public async Task Who_changes_or_removes_a_document_that_another_node_is_changing_waits_for_how_that_ends(string change, string end, CommitOutcome expected)
    {
        await using var database = await Database.CreateAsync(server);
        var store = await database.OpenAsync();
        foreach (string? body in new[] { "mine", null })
        {
            await database.ExecuteAsync($"DELETE FROM document; INSERT INTO document (name, body, version) VALUES ('{Name}', 'old', 1)");
            Assert.Equal(expected, await WhileAsync(database, store, change, end, new DocumentChange(Name, body, 1)));
            StoredDocument[] left = expected == CommitOutcome.Committed ? (body is null ? [] : [new(Name, body, 2)]) : change.StartsWith("UPDATE", StringComparison.Ordinal) ? [new(Name, "theirs", 2)] : [];
            Assert.Equal(left, await ReadAsync(store));
        }
    }

    [Fact]
    public async Task A_document_that_another_node_removes_and_adds_again_meanwhile_is_a_conflict()
    {
        await using var database = await Database.CreateAsync(server);
        var store = await database.OpenAsync();
        await store.CommitAsync(Commit(new DocumentChange(Name, "old", 0)), default);
        var outcome = await WhileAsync(database, store, $"DELETE FROM document; INSERT INTO document (name, body, version) VALUES ('{Name}', 'theirs', 1)", "COMMIT", new DocumentChange(Name, "mine", 1));
        Assert.Equal(CommitOutcome.Conflict, outcome);
        Assert.Equal([new StoredDocument(Name, "theirs", 1)], await ReadAsync(store));
    }

    [Fact]
    public async Task Any_text_can_be_a_body_and_any_text_be_asked_for()
    {
        await using var database = await Database.CreateAsync(server);
        var store = await database.OpenAsync();
        const string Odd = "\0 \uD800 \uFFFF \uDC00\uD800 😀";
        Assert.Equal(CommitOutcome.Committed, (await store.CommitAsync(Commit(new DocumentChange(Name, Odd, 0)), default)).Outcome);
        Assert.Equal([new StoredDocument(Name, Odd, 1)], await ReadAsync(store));
        Assert.Empty(await store.ReadDocumentsAsync(new DocumentQuery { Prefix = "i\0\uD800\uFFFF" }, default));
        Assert.Single(await store.ReadDocumentsAsync(new DocumentQuery { Prefix = "i", After = "\0" }, default));
    }

    [Fact]
    public async Task A_check_of_somebody_elses_that_a_document_violates_is_no_conflict()
    {
        // It would be done again and again.
        await using var database = await Database.CreateAsync(server);
        var store = await database.OpenAsync();
        await database.ExecuteAsync("ALTER TABLE document ADD CONSTRAINT somebodys_own CHECK (body <> 'refused')");
        await Assert.ThrowsAsync<PostgresException>(async () => await store.CommitAsync(Commit(new DocumentChange(Name, "refused", 0)), default));
    }

    // Somebody else's change is under way while the store commits; then it ends.
    private static async Task<CommitOutcome> WhileAsync(Database database, PostgresLoopStore store, string change, string end, DocumentChange mine)
    {
        await using var other = await database.InspectAsync();
        await ExecuteAsync("BEGIN");
        await ExecuteAsync(change);
        var waiting = Task.Run(async () => await store.CommitAsync(Commit(mine), default));
        await Eventually.TrueAsync(async () => await database.ScalarAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database.Name}' AND wait_event_type = 'Lock'") == 1, "the commit waits");
        await ExecuteAsync(end);
        return (await waiting).Outcome;

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, other);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static StoreCommit Commit(DocumentChange change) => new() { At = Batch.T0, Documents = [change] };

    private static async Task<IReadOnlyList<StoredDocument>> ReadAsync(PostgresLoopStore store) => await store.ReadDocumentsAsync(new DocumentQuery { Prefix = "incidents/" }, default);
}
