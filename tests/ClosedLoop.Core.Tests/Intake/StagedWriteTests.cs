using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Intake;

/// <summary>The facts of a large batch are on their way into the store while what they make of items is folded.</summary>
public sealed class StagedWriteTests
{
    private const int Many = 20;

    [Fact]
    public async Task A_large_batch_is_handed_over_in_two_parts_and_a_small_one_in_one()
    {
        var store = new StagedStore();
        using var loop = new LoopFixture(store: store);
        await CommitAsync(loop, Many);
        Assert.Equal((1, 0), (store.Staged, store.Plain));
        Assert.Equal((Many, 0), (store.FactsFirst!.Registers.Count, store.FactsFirst.Items.Count));
        Assert.Equal(Many, (await loop.ItemsAsync()).Count);
        await loop.TakeAsync(Given.Opened(Given.Item(Many + 1)));
        Assert.Equal((1, 1), (store.Staged, store.Plain));
    }

    [Fact]
    public async Task When_the_fold_fails_nothing_of_the_first_part_stays_and_the_batch_is_halved()
    {
        var store = new StagedStore();
        using var loop = new LoopFixture(store: store);
        await loop.ItemsAsync();
        store.FailsNextScan = true;
        var landings = Enumerable.Range(1, Many).Select(static i => LoopFixture.Submission(Given.Delivered(i, 1, $"{i:x40}"))).ToList();
        Assert.All(await loop.Committer.CommitAsync(landings, null, default), static r => Assert.Equal(SubmissionOutcome.Committed, r.Outcome));
        Assert.False(store.FailsNextScan);
        Assert.Equal((3, 1), (store.Staged, store.GivenUp));
        Assert.Equal(Many, (await loop.ItemsAsync()).Count);
        Assert.Empty(await loop.QuarantineAsync());
    }

    [Fact]
    public async Task A_conflict_and_a_store_that_is_down_are_what_they_are_in_one_part()
    {
        var store = new StagedStore { Conflicts = 1 };
        using var loop = new LoopFixture(store: store);
        await CommitAsync(loop, Many);
        Assert.Equal((2, 0), (store.Staged, store.Plain));
        Assert.Equal(Many, (await loop.ItemsAsync()).Count);
        store.IsDown = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => CommitAsync(loop, Many, from: 100));
        store.IsDown = false;
        await CommitAsync(loop, Many, from: 100);
        Assert.Equal(2 * Many, (await loop.ItemsAsync()).Count);
    }

    private static async Task CommitAsync(LoopFixture loop, int count, int from = 1)
    {
        var results = await loop.Committer.CommitAsync([.. Enumerable.Range(from, count).Select(static i => LoopFixture.Submission(Given.Opened(Given.Item(i))))], null, default);
        Assert.All(results, static r => Assert.Equal(SubmissionOutcome.Committed, r.Outcome));
    }

    private sealed class StagedStore() : StoreDecorator(new InMemoryLoopStore()), IStagedStore
    {
        public int WorthStagesFrom => 16;

        public int Staged { get; private set; }

        public int GivenUp { get; private set; }

        public int Plain { get; private set; }

        public int Conflicts { get; set; }

        public bool IsDown { get; set; }

        public bool FailsNextScan { get; set; }

        public StoreCommit? FactsFirst { get; private set; }

        public async ValueTask<CommitResult> CommitInStagesAsync(StoreCommit facts, Task<StoreCommit> whole)
        {
            Staged++;
            FactsFirst = facts;
            if (IsDown) throw new StoreUnavailableException("the disk is full");
            if (Conflicts-- > 0) return new CommitResult(CommitOutcome.Conflict);
            try
            {
                return await base.CommitAsync(await whole, default);
            }
            catch (OperationCanceledException)
            {
                GivenUp++;
                throw;
            }
        }

        public override ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges, CancellationToken cancellationToken)
        {
            if (!FailsNextScan) return base.ScanAsync(ranges, cancellationToken);
            FailsNextScan = false;
            throw new InvalidOperationException("a row of the index is not what it should be");
        }

        public override ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
        {
            if (commit.Registers.Count > 0) Plain++;
            return base.CommitAsync(commit, cancellationToken);
        }
    }
}
