namespace ClosedLoop.Storage.Sqlite.Tests;

/// <summary>A commit of which the facts are written while the rest is still being folded.</summary>
public sealed class StagedCommitTests
{
    [Fact]
    public async Task It_leaves_what_a_commit_in_one_piece_leaves()
    {
        using TempFile plain = new(), staged = new();
        var (one, two) = (await plain.OpenAsync(), await staged.OpenAsync());
        for (int number = 1; number <= 3; number++)
        {
            var expected = await one.CommitAsync(Batch.Create(number), default);
            Assert.Equal(expected, await CommitAsync(two, Batch.Create(number)));
            Assert.Equal(1, await Batch.PresenceAsync(two, number));
        }
        plain.CloseAll();
        staged.CloseAll();
        using Session first = plain.Inspect(), second = staged.Inspect();
        foreach (string table in (string[])["fact", "link", "fact_log", "item", "open_item", "transition", "due", "outbox", "delivery", "quarantine", "board"])
            Assert.Equal(first.Number($"SELECT count(*) FROM {table}"), second.Number($"SELECT count(*) FROM {table}"));
    }

    [Fact]
    public async Task One_that_is_given_up_on_the_way_leaves_nothing_and_the_next_is_stored()
    {
        using var file = new TempFile();
        var store = await file.OpenAsync();
        var rest = new TaskCompletionSource<StoreCommit>();
        var given = ((IStagedStore)store).CommitInStagesAsync(Batch.FactsOf(Batch.Create(1)), rest.Task).AsTask();
        // Somebody else's turn comes after it.
        var next = store.CommitAsync(Batch.Create(2), default).AsTask();
        Assert.False(given.IsCompleted || next.IsCompleted);
        Assert.Equal(0, await Batch.PresenceAsync(store, 1));
        rest.SetCanceled();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.Equal(CommitOutcome.Committed, (await next).Outcome);
        Assert.Equal((0, 1), (await Batch.PresenceAsync(store, 1), await Batch.PresenceAsync(store, 2)));
    }

    [Fact]
    public async Task One_that_was_folded_from_an_older_record_is_a_conflict_before_its_rest_is_known()
    {
        using var file = new TempFile();
        var store = await file.OpenAsync();
        object token = (await store.LoadAsync(new LoadRequest(), default)).Token!;
        await store.CommitAsync(Batch.Create(1), default);
        var never = new TaskCompletionSource<StoreCommit>();
        Assert.Equal(CommitOutcome.Conflict, (await ((IStagedStore)store).CommitInStagesAsync(Batch.FactsOf(Batch.Create(2, token)), never.Task)).Outcome);
        Assert.Equal(0, await Batch.PresenceAsync(store, 2));
    }

    private static async Task<CommitResult> CommitAsync(SqliteLoopStore store, StoreCommit commit)
    {
        var rest = new TaskCompletionSource<StoreCommit>();
        var stored = ((IStagedStore)store).CommitInStagesAsync(Batch.FactsOf(commit), rest.Task);
        rest.SetResult(commit);
        return await stored;
    }
}
