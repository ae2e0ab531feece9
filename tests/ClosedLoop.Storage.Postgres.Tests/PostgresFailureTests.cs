using Npgsql;

namespace ClosedLoop.Storage.Postgres.Tests;

[Collection(PostgresCollection.Name)]
public sealed class PostgresFailureTests(PostgresServer server)
{
    public static TheoryData<string> Passing => new("08006", "25006", "28P01", "28000", "3D000", "40001", "40P01", "42501", "42P01", "53100", "53200", "53300", "55P03", "57014", "57P01", "57P02", "57P03", "58030", "XX001");

    [Theory]
    [MemberData(nameof(Passing))]
    public void What_may_pass_is_told_apart_with_what_to_do(string code)
    {
        var error = new PostgresException("the server says so", "FATAL", "FATAL", code);
        Assert.True(PostgresFailure.MayPass(error));
        var explained = PostgresFailure.Explain(error, "db:5432/loop");
        Assert.StartsWith($"PostgreSQL error {code} (the server says so) on db:5432/loop: ", explained.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", explained.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("22021")]
    [InlineData("23505")]
    [InlineData("54000")]
    public void What_is_wrong_with_the_content_is_not_worth_a_repetition(string code) =>
        Assert.False(PostgresFailure.MayPass(new PostgresException("the server says so", "ERROR", "ERROR", code)));

    [Fact]
    public async Task A_server_that_is_not_there_is_reported_without_the_password()
    {
        await using var store = new PostgresLoopStore(new PostgresOptions { ConnectionString = "Host=127.0.0.1;Port=1;Database=loop;Username=u;Password=hunter2" });
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.InitializeAsync(default));
        Assert.Contains("127.0.0.1:1/loop", error.Message, StringComparison.Ordinal);
        Assert.Contains("Check that the server runs", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_reported()
    {
        await using var store = new PostgresLoopStore(new PostgresOptions { ConnectionString = server.ConnectionString("none") });
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.InitializeAsync(default));
        Assert.Contains("Create it, or correct Database", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_that_may_not_make_tables_is_told_so()
    {
        await using var database = await Database.CreateAsync(server);
        await database.ExecuteAsync("DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN");
        await using var store = new PostgresLoopStore(new PostgresOptions { ConnectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = "guest" }.ConnectionString });
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.InitializeAsync(default));
        Assert.Contains("grant it CREATE on the schema", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_server_has_too_many_connections_the_call_may_be_repeated()
    {
        await using var database = await Database.CreateAsync(server);
        var store = await database.OpenAsync();
        await database.ExecuteAsync("DROP ROLE IF EXISTS few; CREATE ROLE few LOGIN CONNECTION LIMIT 0");
        await using var few = new PostgresLoopStore(new PostgresOptions { ConnectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = "few" }.ConnectionString });
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await few.InitializeAsync(default));
        Assert.Contains("53300", error.Message, StringComparison.Ordinal);
        await store.CommitAsync(Batch.Create(1), default);
    }

    [Fact]
    public async Task A_content_that_an_index_cannot_take_is_at_fault_alone_and_leaves_nothing()
    {
        await using var database = await Database.CreateAsync(server);
        var store = await database.OpenAsync();
        // Too long for an index, and random, so that it cannot be compressed.
        string id = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(20_000));
        var error = await Assert.ThrowsAsync<PostgresException>(async () => await store.CommitAsync(Batch.Create(1) with { Deliveries = [new DeliveryId("s", id)] }, default));
        Assert.Equal("54000", error.SqlState);
        Assert.Equal(0, await Batch.PresenceAsync(store, 1));
        Assert.Equal(CommitOutcome.Committed, (await store.CommitAsync(Batch.Create(1), default)).Outcome);
    }

    [Fact]
    public async Task Before_it_is_initialized_and_after_it_is_disposed_a_store_says_so()
    {
        await using var database = await Database.CreateAsync(server);
        var store = new PostgresLoopStore(database.Options());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.CommitAsync(Batch.Create(1), default));
        await store.InitializeAsync(default);
        await store.NextWakeAsync(default);
        store.Dispose();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.CommitAsync(Batch.Create(1), default));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.NextWakeAsync(default));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.InitializeAsync(default));
    }

    [Fact]
    public async Task A_commit_is_no_part_of_the_hosts_ambient_transaction()
    {
        await using var database = await Database.CreateAsync(server);
        var store = await database.OpenAsync();
        using (new System.Transactions.TransactionScope(System.Transactions.TransactionScopeAsyncFlowOption.Enabled)) await store.CommitAsync(Batch.Create(1), default);
        Assert.Equal(1, await Batch.PresenceAsync(store, 1));
    }
}
