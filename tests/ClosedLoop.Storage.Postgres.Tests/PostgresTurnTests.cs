using ClosedLoop.Facts;

namespace ClosedLoop.Storage.Postgres.Tests;

/// <summary>How nodes that fold at the same time get on; docs/adr/0004.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresTurnTests(PostgresServer server)
{
    private static readonly LoadRequest ForCommit = new() { Subjects = [Key.Item(Batch.Id(1))], ForCommit = true };

    [Fact]
    public async Task A_fold_that_was_lost_once_is_not_lost_again()
    {
        await using var database = await Database.CreateAsync(server);
        var (first, second) = (await database.OpenAsync(), await database.OpenAsync());
        var mine = await LoseAsync(first, second);
        var theirs = await second.LoadAsync(ForCommit, default);
        // It is the first one's turn: the second waits, and then it is the second that has to fold again.
        var waiting = Task.Run(async () => await second.CommitAsync(Batch.Create(3, theirs.Token), default));
        await Eventually.TrueAsync(async () => await WaitingAsync(database) == 1, "the second waits for the mark");
        Assert.Equal(CommitOutcome.Committed, (await first.CommitAsync(Batch.Create(2, mine.Token), default)).Outcome);
        Assert.Equal(CommitOutcome.Conflict, (await waiting).Outcome);
        theirs = await second.LoadAsync(ForCommit, default);
        Assert.Equal(CommitOutcome.Committed, (await second.CommitAsync(Batch.Create(3, theirs.Token), default)).Outcome);
        for (int number = 1; number <= 3; number++) Assert.Equal(1, await Batch.PresenceAsync(first, number));
    }

    [Fact]
    public async Task Turns_are_served_in_the_order_of_coming()
    {
        await using var database = await Database.CreateAsync(server);
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => database.OpenAsync()));
        foreach (var store in stores) await store.LoadAsync(ForCommit, default);
        await stores[0].CommitAsync(Batch.Create(1), default);
        foreach (var store in stores[1..]) Assert.Equal(CommitOutcome.Conflict, (await store.CommitAsync(Batch.Create(2, new Mark(0)), default)).Outcome);
        var loads = new List<Task<Neighbourhood>>();
        for (int i = 1; i < stores.Length; i++)
        {
            var store = stores[i];
            loads.Add(Task.Run(async () => await store.LoadAsync(ForCommit, default)));
            int waiting = i - 1;
            await Eventually.TrueAsync(async () => await WaitingAsync(database) == waiting && (waiting > 0 || loads[0].IsCompleted), "the next one waits");
        }
        for (int i = 1; i < stores.Length; i++)
        {
            var loaded = await loads[i - 1];
            Assert.Equal(CommitOutcome.Committed, (await stores[i].CommitAsync(Batch.Create(1 + i, loaded.Token), default)).Outcome);
        }
    }

    [Fact]
    public async Task A_turn_that_is_given_up_for_a_poison_ends_with_it()
    {
        await using var database = await Database.CreateAsync(server);
        var (first, second) = (await database.OpenAsync(), await database.OpenAsync());
        await LoseAsync(first, second);
        Assert.True(await HeldAsync(database));
        await first.CommitAsync(new StoreCommit { At = Batch.T0, Quarantine = Batch.Create(2).Quarantine }, default);
        Assert.False(await HeldAsync(database));
    }

    [Fact]
    public async Task Documents_are_changed_beside_a_turn_which_stays_and_a_document_that_has_changed_makes_nobody_take_one()
    {
        await using var database = await Database.CreateAsync(server);
        var (first, second) = (await database.OpenAsync(), await database.OpenAsync());
        var mine = await LoseAsync(first, second);
        var change = new StoreCommit { At = Batch.T0, Documents = [new DocumentChange("cursor", "1", 0)], Outbox = Batch.Create(3).Outbox };
        Assert.Equal(CommitOutcome.Committed, (await first.CommitAsync(change, default)).Outcome);
        Assert.True(await HeldAsync(database));
        Assert.Equal(CommitOutcome.Committed, (await first.CommitAsync(Batch.Create(2, mine.Token), default)).Outcome);
        Assert.False(await HeldAsync(database));
        var third = await database.OpenAsync();
        Assert.Equal(CommitOutcome.Conflict, (await third.CommitAsync(change, default)).Outcome);
        await third.LoadAsync(ForCommit, default);
        Assert.False(await HeldAsync(database));
    }

    [Fact]
    public async Task A_node_that_hangs_in_its_turn_holds_the_others_up_for_a_while_and_then_has_to_fold_again()
    {
        await using var database = await Database.CreateAsync(server);
        var (first, second) = (await database.OpenAsync(), await database.OpenAsync());
        var mine = await LoseAsync(first, second);
        var theirs = await second.LoadAsync(ForCommit, default);
        Assert.Equal(CommitOutcome.Committed, (await second.CommitAsync(Batch.Create(3, theirs.Token), default)).Outcome);
        // The server has ended its session; which side of that it notices first is chance.
        var late = await Record.ExceptionAsync(async () => Assert.Equal(CommitOutcome.Conflict, (await first.CommitAsync(Batch.Create(2, mine.Token), default)).Outcome));
        Assert.True(late is null or StoreUnavailableException, $"{late}");
        Assert.Equal(0, await Batch.PresenceAsync(second, 2));
        mine = await first.LoadAsync(ForCommit, default);
        Assert.Equal(CommitOutcome.Committed, (await first.CommitAsync(Batch.Create(2, mine.Token), default)).Outcome);
    }

    [Fact]
    public async Task In_a_turn_a_commit_that_changes_nothing_of_the_record_ends_it_too_and_one_that_was_folded_from_something_else_waits()
    {
        await using var database = await Database.CreateAsync(server);
        var (first, second) = (await database.OpenAsync(), await database.OpenAsync());
        var mine = await LoseAsync(first, second);
        var other = await first.LoadAsync(new LoadRequest(), default);
        var waiting = Task.Run(async () => await first.CommitAsync(new StoreCommit { At = Batch.T0, Token = other.Token, Due = Batch.Create(2).Due }, default));
        await Eventually.TrueAsync(async () => await WaitingAsync(database) == 1, "the other one waits for the mark");
        Assert.Equal(CommitOutcome.Committed, (await first.CommitAsync(new StoreCommit { At = Batch.T0, Token = mine.Token }, default)).Outcome);
        Assert.Equal(CommitOutcome.Committed, (await waiting).Outcome);
        Assert.False(await HeldAsync(database));
    }

    [Fact]
    public async Task Reads_that_are_not_to_be_committed_take_no_turn_and_a_node_that_is_alone_again_takes_none()
    {
        await using var database = await Database.CreateAsync(server);
        var (first, second) = (await database.OpenAsync(), await database.OpenAsync());
        var mine = await LoseAsync(first, second);
        var commit = Batch.Create(2, mine.Token);
        await first.CommitAsync(commit, default);
        await first.LoadAsync(ForCommit with { ForCommit = false }, default);
        Assert.False(await HeldAsync(database));
        for (int number = 3; number < 6; number++)
        {
            var loaded = await first.LoadAsync(ForCommit, default);
            // The first of these may still be a turn; it finds that nobody else has written.
            if (number > 3) Assert.False(await HeldAsync(database));
            Assert.Equal(CommitOutcome.Committed, (await first.CommitAsync(Batch.Create(number, loaded.Token), default)).Outcome);
        }
    }

    /// <summary>The first store loses a fold to the second, and then has its turn.</summary>
    private static async Task<Neighbourhood> LoseAsync(PostgresLoopStore first, PostgresLoopStore second)
    {
        var loaded = await first.LoadAsync(ForCommit, default);
        Assert.Equal(CommitOutcome.Committed, (await second.CommitAsync(Batch.Create(1), default)).Outcome);
        Assert.Equal(CommitOutcome.Conflict, (await first.CommitAsync(Batch.Create(2, loaded.Token), default)).Outcome);
        return await first.LoadAsync(ForCommit, default);
    }

    private static Task<long> WaitingAsync(Database database) =>
        database.ScalarAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database.Name}' AND wait_event_type = 'Lock'");

    private static async Task<bool> HeldAsync(Database database) =>
        await database.ScalarAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database.Name}' AND state LIKE 'idle in transaction%'") > 0;
}
