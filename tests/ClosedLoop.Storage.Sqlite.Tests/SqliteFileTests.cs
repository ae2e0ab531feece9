using ClosedLoop.Facts;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Storage.Sqlite.Tests;

public sealed class SqliteFileTests
{
    [Fact]
    public async Task A_file_that_is_opened_again_holds_everything()
    {
        using var file = new TempFile();
        using (var first = await file.OpenAsync())
        {
            await first.CommitAsync(Batch.Create(1), default);
            await first.RegisterPipelinesAsync([new PipelineVersion("p", ["a"], "1")], Batch.T0, default);
            await first.RegisterPipelinesAsync([new PipelineVersion("p", ["a", "b"], "2")], Batch.T0, default);
            await first.ConfirmPipelinesAsync([new PipelineVersion("p", ["a", "b"], "2")], default);
        }
        Assert.False(File.Exists(file.Path + "-wal"), "closing folds the WAL into the file");
        using var store = await file.OpenAsync();
        Assert.Equal(1, await Batch.PresenceAsync(store, 1));
        var history = await store.RegisterPipelinesAsync([new PipelineVersion("p", ["a", "b"], "2")], Batch.T0.AddDays(1), default);
        Assert.Empty(history.Changed);
        Assert.Equal(Batch.T0, history.IntroducedAt[("p", "b")]);
        var claims = await store.ClaimOutboxAsync(new ClaimRequest { Now = Batch.T0.AddDays(1), Lease = TimeSpan.FromMinutes(1) }, default);
        Assert.Equal(Batch.Create(1).Outbox, claims.Select(c => c.Message));
        Assert.Equal(Batch.Create(1).Quarantine[0].Body.ToArray(), (await store.ReadQuarantineAsync(1, default))[0].Body.ToArray());
    }

    [Fact]
    public async Task A_claim_and_its_token_outlive_the_process()
    {
        using var file = new TempFile();
        var request = new ClaimRequest { Now = Batch.T0.AddDays(1), Lease = TimeSpan.FromMinutes(1) };
        DueClaim held;
        using (var first = await file.OpenAsync())
        {
            await first.CommitAsync(Batch.Create(1), default);
            held = Assert.Single(await first.ClaimDueAsync(request, default));
        }
        using var store = await file.OpenAsync();
        Assert.Empty(await store.ClaimDueAsync(request, default));
        var taken = Assert.Single(await store.ClaimDueAsync(request with { Now = request.Now + request.Lease }, default));
        Assert.True(taken.Token > held.Token);
        Assert.Equal(2, taken.Attempts);
    }

    [Fact]
    public async Task A_file_of_the_version_before_documents_keeps_what_it_has_and_takes_them()
    {
        using var file = new TempFile();
        using (var first = await file.OpenAsync()) await first.CommitAsync(Batch.Create(1), default);
        using (var raw = file.Inspect()) raw.Run($"{OlderSchema.BackToFive} DROP TABLE document; UPDATE meta SET value = 4 WHERE name = 'schema'");
        using (var store = await file.OpenAsync())
        {
            Assert.Equal(1, await Batch.PresenceAsync(store, 1));
            Assert.Equal(CommitOutcome.Committed, (await store.CommitAsync(new StoreCommit { At = Batch.T0, Documents = [new DocumentChange("a", "{}", 0)] }, default)).Outcome);
        }
        using (var raw = file.Inspect()) Assert.Equal(SqliteSchema.Version, raw.Number("SELECT value FROM meta WHERE name = 'schema'"));
        using var again = await file.OpenAsync();
        Assert.Equal([new StoredDocument("a", "{}", 1)], await again.ReadDocumentsAsync(new DocumentQuery { Prefix = "a" }, default));
    }

    [Fact]
    public async Task A_file_of_the_version_before_the_board_queries_answers_them_for_the_items_that_it_has()
    {
        using var file = new TempFile();
        string expected;
        using (var first = await file.OpenAsync())
        {
            await first.CommitAsync(new StoreCommit { At = Batch.T0, Items = BoardItems.Some() }, default);
            expected = await BoardItems.AnswersAsync(first);
        }
        using (var raw = file.Inspect()) raw.Run(OlderSchema.BackToFive);
        using (var store = await file.OpenAsync())
        {
            Assert.Equal(expected, await BoardItems.AnswersAsync(store));
            await BoardItems.ChangeAsync(store);
            expected = await BoardItems.AnswersAsync(store);
        }
        // What is kept up to date from there is what the items alone would give.
        using (var raw = file.Inspect()) raw.Run(OlderSchema.BackToFive);
        using var again = await file.OpenAsync();
        Assert.Equal(expected, await BoardItems.AnswersAsync(again));
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused_and_not_changed()
    {
        using var file = new TempFile();
        (await file.OpenAsync()).Dispose();
        using (var raw = file.Inspect()) raw.Run($"UPDATE meta SET value = {SqliteSchema.Version + 1} WHERE name = 'schema'");
        byte[] before = await File.ReadAllBytesAsync(file.Path);
        var error = await Assert.ThrowsAsync<StoreVersionException>(file.OpenAsync);
        Assert.Contains(file.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains($"schema {SqliteSchema.Version + 1}", error.Message, StringComparison.Ordinal);
        file.CloseAll();
        Assert.Equal(before, await File.ReadAllBytesAsync(file.Path));
    }

    [Fact]
    public async Task A_file_of_another_application_is_refused()
    {
        using var file = new TempFile();
        using (var raw = file.Inspect()) raw.Run("CREATE TABLE orders (id INTEGER PRIMARY KEY)");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(file.OpenAsync);
        Assert.Contains("a file of its own", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_store_on_the_same_file_is_refused_and_told_who_has_it()
    {
        using var file = new TempFile();
        var first = await file.OpenAsync();
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(file.OpenAsync);
        Assert.Contains(file.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("another store of this process", error.Message, StringComparison.Ordinal);
        Assert.Equal(CommitOutcome.Committed, await first.CommitAsync(Batch.Create(1), default));
        first.Dispose();
        using var second = await file.OpenAsync();
        Assert.Equal(1, await Batch.PresenceAsync(second, 1));
        Assert.Equal(CommitOutcome.Committed, await second.CommitAsync(Batch.Create(2), default));
    }

    [Fact]
    public async Task Of_several_that_open_one_new_file_at_once_one_gets_it()
    {
        using var file = new TempFile();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            try
            {
                await file.OpenAsync();
                return true;
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        })));
        Assert.Single(outcomes, true);
    }

    [Fact]
    public async Task What_was_loaded_before_somebody_else_wrote_is_a_conflict()
    {
        using var file = new TempFile();
        var first = await file.OpenAsync();
        using var tool = file.Inspect();
        var loaded = await first.LoadAsync(new LoadRequest { Subjects = [Key.Item(Batch.Id(1))] }, default);
        Assert.Equal(CommitOutcome.Committed, tool.InTransaction(SqliteStatements.BeginWrite, static s => SqliteCommit.Apply(s, Batch.Create(1))));
        Assert.Equal(CommitOutcome.Conflict, await first.CommitAsync(Batch.Create(2, loaded.Token), default));
        loaded = await first.LoadAsync(new LoadRequest { Subjects = [Key.Item(Batch.Id(1))] }, default);
        Assert.Equal(Batch.Parts, loaded.Facts.Count);
        Assert.Equal(CommitOutcome.Committed, await first.CommitAsync(Batch.Create(2, loaded.Token), default));
        Assert.Equal(1, await Batch.PresenceAsync(first, 2));
    }

    [Fact]
    public async Task While_another_process_holds_the_write_lock_reads_go_on_and_a_commit_says_what_to_do()
    {
        using var file = new TempFile();
        using var impatient = new SqliteLoopStore(new SqliteOptions { Path = file.Path, BusyTimeout = TimeSpan.FromSeconds(1) });
        await impatient.InitializeAsync(default);
        using var other = file.Inspect();
        other.Run("BEGIN IMMEDIATE");
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await impatient.CommitAsync(Batch.Create(1), default));
        Assert.Contains("BusyTimeout", error.Message, StringComparison.Ordinal);
        Assert.Contains(file.Path, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await Batch.PresenceAsync(impatient, 1));
        other.Run("COMMIT");
        Assert.Equal(CommitOutcome.Committed, await impatient.CommitAsync(Batch.Create(1), default));
    }

    [Fact]
    public async Task When_the_disk_is_full_nothing_of_the_commit_is_stored_and_it_can_be_repeated()
    {
        using var file = new TempFile();
        var store = await file.OpenAsync();
        using var full = file.Inspect();
        full.Run("PRAGMA max_page_count = 1");
        var error = Assert.Throws<SqliteException>(() =>
        {
            for (int number = 1; number < 1000; number++) full.InTransaction(SqliteStatements.BeginWrite, s => SqliteCommit.Apply(s, Batch.Create(number)));
        });
        var explained = SqliteFailure.Explain(error, file.Path);
        Assert.Contains("disk is full", explained.Message, StringComparison.Ordinal);
        long items = full.Number("SELECT count(*) FROM item");
        Assert.Equal(items * Batch.Parts, full.Number("SELECT count(*) FROM transition"));
        Assert.Equal(CommitOutcome.Committed, await store.CommitAsync(Batch.Create((int)items + 1), default));
        Assert.Equal(1, await Batch.PresenceAsync(store, (int)items + 1));
    }

    [Fact]
    public async Task A_damaged_file_is_reported_with_its_path_and_a_way_out()
    {
        using var file = new TempFile();
        using (var store = await file.OpenAsync())
            for (int number = 1; number <= 50; number++)
                await store.CommitAsync(Batch.Create(number), default);
        byte[] bytes = await File.ReadAllBytesAsync(file.Path);
        bytes.AsSpan(4096).Fill(0xA5);
        await File.WriteAllBytesAsync(file.Path, bytes);
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(file.OpenAsync);
        Assert.Contains(file.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("restore a backup", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_that_was_made_while_the_file_was_written_is_a_whole_record()
    {
        using var file = new TempFile();
        using var copy = new TempFile();
        var store = await file.OpenAsync();
        for (int number = 1; number <= 20; number++)
        {
            await store.CommitAsync(Batch.Create(number), default);
            if (number == 10)
                using (var tool = file.Inspect())
                    tool.Run($"VACUUM INTO '{copy.Path}'");
        }
        using var restored = await copy.OpenAsync();
        for (int number = 1; number <= 20; number++) Assert.Equal(number <= 10 ? 1 : 0, await Batch.PresenceAsync(restored, number));
        Assert.Equal(CommitOutcome.Committed, await restored.CommitAsync(Batch.Create(11), default));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_reported()
    {
        using var file = new TempFile();
        await File.WriteAllTextAsync(file.Path, new string('x', 5000));
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(file.OpenAsync);
        Assert.Contains("no SQLite database", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_does_not_exist_is_reported()
    {
        using var file = new TempFile();
        using var store = new SqliteLoopStore(new SqliteOptions { Path = Path.Combine(file.Path, "none", "loop.db") });
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.InitializeAsync(default));
        Assert.Contains("directory exists", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_is_in_WAL_mode_and_the_writer_waits_for_the_disk()
    {
        using var file = new TempFile();
        await file.OpenAsync();
        using var raw = file.Inspect();
        Assert.Equal("wal", raw.Text("PRAGMA journal_mode"));
        Assert.Equal(2L, raw.Number("PRAGMA synchronous"));
        Assert.Equal(1L, raw.Number("PRAGMA foreign_keys"));
    }

    [Fact]
    public async Task A_register_that_reports_again_with_the_same_links_writes_none_of_them()
    {
        using var file = new TempFile();
        var store = await file.OpenAsync();
        await store.CommitAsync(Batch.Create(1), default);
        using var raw = file.Inspect();
        raw.Run("CREATE TRIGGER no_delete BEFORE DELETE ON link BEGIN SELECT raise(ABORT, 'deleted'); END; CREATE TRIGGER no_insert BEFORE INSERT ON link WHEN NEW.parent NOT IN (SELECT parent FROM link WHERE child = NEW.child) BEGIN SELECT raise(ABORT, 'inserted'); END;");
        await store.CommitAsync(Batch.Create(1), default);
        await Assert.ThrowsAsync<SqliteException>(async () => await store.CommitAsync(Batch.Create(2), default));
    }

    [Fact]
    public async Task A_file_with_links_by_child_finds_what_links_to_a_key()
    {
        using var file = new TempFile();
        using (var first = await file.OpenAsync()) await first.CommitAsync(Batch.Create(1), default);
        using (var raw = file.Inspect()) raw.Run(OlderSchema.BackToSix);
        using var store = await file.OpenAsync();
        Assert.Equal(1, await Batch.PresenceAsync(store, 1));
        using var inspected = file.Inspect();
        Assert.Equal(SqliteSchema.Version, inspected.Number("SELECT value FROM meta WHERE name = 'schema'"));
        Assert.Equal(inspected.Number("SELECT count(*) FROM (SELECT DISTINCT fact.subject, parent.value FROM fact, json_each(fact.json, '$.links') AS parent)"), inspected.Number("SELECT count(*) FROM link"));
        Assert.True(inspected.Number("SELECT count(*) FROM link") > 0);
        Assert.Equal(Batch.Parts, inspected.Number("SELECT count(*) FROM fact_log"));
    }

    [Fact]
    public async Task Before_it_is_initialized_and_after_it_is_disposed_a_store_says_so()
    {
        using var file = new TempFile();
        var store = new SqliteLoopStore(new SqliteOptions { Path = file.Path });
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.CommitAsync(Batch.Create(1), default));
        await store.InitializeAsync(default);
        await store.NextWakeAsync(default);
        store.Dispose();
        store.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.CommitAsync(Batch.Create(1), default));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.NextWakeAsync(default));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.InitializeAsync(default));
    }
}
