namespace ClosedLoop.Storage.Postgres.Tests;

[Collection(PostgresCollection.Name)]
public sealed class PostgresSchemaTests(PostgresServer server)
{
    [Fact]
    public async Task Eight_nodes_that_start_at_once_on_an_empty_database_all_succeed()
    {
        await using var database = await Database.CreateAsync(server);
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => database.OpenAsync())));
        await Task.WhenAll(stores.Select((store, i) => Task.Run(async () =>
        {
            await store.RegisterPipelinesAsync([new PipelineVersion("p", ["a", "b"], "1")], Batch.T0.AddDays(i), default);
            await store.CommitAsync(Batch.Create(i), default);
        })));
        for (int i = 0; i < stores.Length; i++) Assert.Equal(1, await Batch.PresenceAsync(stores[0], i));
        Assert.Equal(PostgresSchema.Version, (int)await database.ScalarAsync<long>("SELECT value FROM meta WHERE name = 'schema'"));
        Assert.Empty((await stores[0].RegisterPipelinesAsync([new PipelineVersion("p", ["a", "b"], "1")], Batch.T0, default)).IntroducedAt);
    }

    [Fact]
    public async Task A_database_of_the_first_version_keeps_what_it_has_and_takes_documents()
    {
        await using var database = await Database.CreateAsync(server);
        await using (var first = new PostgresLoopStore(database.Options()))
        {
            await first.InitializeAsync(default);
            await first.CommitAsync(Batch.Create(1), default);
        }
        await database.ExecuteAsync($"{OlderSchema.BackToTwo} DROP TABLE document; UPDATE meta SET value = 1 WHERE name = 'schema'");
        var store = await database.OpenAsync();
        Assert.Equal(PostgresSchema.Version, (int)await database.ScalarAsync<long>("SELECT value FROM meta WHERE name = 'schema'"));
        Assert.Equal(1, await Batch.PresenceAsync(store, 1));
        Assert.Equal(CommitOutcome.Committed, (await store.CommitAsync(new StoreCommit { At = Batch.T0, Documents = [new DocumentChange("a", "{}", 0)] }, default)).Outcome);
        Assert.Equal([new StoredDocument("a", "{}", 1)], await store.ReadDocumentsAsync(new DocumentQuery { Prefix = "a" }, default));
    }

    [Fact]
    public async Task A_database_of_the_version_before_the_board_queries_answers_them_for_the_items_that_it_has()
    {
        await using var database = await Database.CreateAsync(server);
        string expected;
        await using (var first = new PostgresLoopStore(database.Options()))
        {
            await first.InitializeAsync(default);
            await first.CommitAsync(new StoreCommit { At = Batch.T0, Items = BoardItems.Some() }, default);
            expected = await BoardItems.AnswersAsync(first);
        }
        await database.ExecuteAsync(OlderSchema.BackToTwo);
        await using (var store = new PostgresLoopStore(database.Options()))
        {
            await store.InitializeAsync(default);
            Assert.Equal(expected, await BoardItems.AnswersAsync(store));
            await BoardItems.ChangeAsync(store);
            expected = await BoardItems.AnswersAsync(store);
        }
        // What is kept up to date from there is what the items alone would give.
        await database.ExecuteAsync(OlderSchema.BackToTwo);
        Assert.Equal(expected, await BoardItems.AnswersAsync(await database.OpenAsync()));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_not_changed()
    {
        await using var database = await Database.CreateAsync(server);
        await database.OpenAsync();
        await database.ExecuteAsync($"UPDATE meta SET value = {PostgresSchema.Version + 1} WHERE name = 'schema'; DROP TABLE line_index");
        var error = await Assert.ThrowsAsync<StoreVersionException>(() => database.OpenAsync());
        Assert.Contains(database.Name, error.Message, StringComparison.Ordinal);
        Assert.Contains($"schema {PostgresSchema.Version + 1}", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname = 'line_index'"));
    }

    [Theory]
    [InlineData("CREATE TABLE orders (id integer PRIMARY KEY)")]
    [InlineData("CREATE TABLE meta (id integer PRIMARY KEY)")]
    [InlineData("CREATE TABLE meta (name text, value bigint)")]
    public async Task A_database_of_another_application_is_refused(string table)
    {
        await using var database = await Database.CreateAsync(server);
        await database.ExecuteAsync(table);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => database.OpenAsync());
        Assert.Contains("of its own", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"));
    }

    [Fact]
    public async Task Beside_another_application_a_schema_of_its_own_is_enough()
    {
        await using var database = await Database.CreateAsync(server);
        await database.ExecuteAsync("CREATE TABLE orders (id integer PRIMARY KEY); CREATE SCHEMA closedloop");
        await using var store = new PostgresLoopStore(new PostgresOptions { ConnectionString = database.ConnectionString + ";Search Path=closedloop" });
        await store.InitializeAsync(default);
        await store.CommitAsync(Batch.Create(1), default);
        Assert.Equal(1, await Batch.PresenceAsync(store, 1));
        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM closedloop.item"));
    }

    [Fact]
    public async Task A_database_that_cannot_hold_every_text_is_refused()
    {
        await using var database = await Database.CreateAsync(server, "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => database.OpenAsync());
        Assert.Contains("ENCODING 'UTF8'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_in_the_order_of_their_bytes_whatever_the_databases_collation()
    {
        await using var database = await Database.CreateAsync(server, "LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' TEMPLATE template0");
        var store = await database.OpenAsync();
        string[] keys = ["a", "B", "ä", "Z", "z", "-", "a-b", "ab", "\uFFFD", "a\tb"];
        await store.CommitAsync(new StoreCommit { At = Batch.T0, Index = [.. keys.Select(k => new IndexChange(k, k))] }, default);
        var found = await store.ScanAsync([new IndexRange("", "\uFFFF"), new IndexRange("A", "b"), new IndexRange("", "\uFFFF", 3, Descending: true)], default);
        Assert.Equal(keys.Order(StringComparer.Ordinal), found[0].Select(e => e.Key));
        Assert.Equal(["B", "Z", "a", "a\tb", "a-b", "ab"], found[1].Select(e => e.Key));
        Assert.Equal(keys.OrderDescending(StringComparer.Ordinal).Take(3), found[2].Select(e => e.Key));
    }
}
