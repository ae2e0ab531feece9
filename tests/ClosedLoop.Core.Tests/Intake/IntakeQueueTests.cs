using ClosedLoop.Testing.Time;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Intake;

public sealed class IntakeQueueTests
{
    [Fact]
    public async Task Bodies_that_wait_are_bounded_in_bytes_and_one_that_waits_alone_is_always_taken()
    {
        var store = new HeldStore(new InMemoryLoopStore());
        using var loop = new LoopFixture(store: store);
        using var queue = new IntakeQueue(loop.Committer, new IntakeOptions { QueueBytes = 10 }, loop.Metrics, loop.Time);
        var committing = queue.SubmitAsync(Sized(1, 6)).AsTask();
        var waiting = queue.SubmitAsync(Sized(2, 20)).AsTask();
        Assert.Equal(SubmissionOutcome.Busy, (await queue.SubmitAsync(Sized(3, 1))).Outcome);
        store.Open.SetResult();
        Assert.Equal([SubmissionOutcome.Committed, SubmissionOutcome.Committed], [(await committing).Outcome, (await waiting).Outcome]);
        // What was refused left nothing behind that counts.
        Assert.Equal(SubmissionOutcome.Committed, (await queue.SubmitAsync(Sized(3, 20))).Outcome);
        Assert.Equal(SubmissionOutcome.Committed, (await queue.SubmitAsync(Sized(4, 10))).Outcome);
    }

    [Theory]
    [InlineData(40, 19, 0)]
    [InlineData(40, 20, 20)]
    [InlineData(8, 15, 0)]
    [InlineData(8, 16, 16)]
    public async Task What_waits_is_folded_while_a_batch_is_stored_when_it_is_half_as_big_and_worth_a_transaction(int storing, int waiting, int ahead)
    {
        using var store = new SlowCommitStore(new InMemoryLoopStore());
        using var loop = new LoopFixture(store: store);
        using var queue = new IntakeQueue(loop.Committer, new IntakeOptions(), loop.Metrics, loop.Time);
        // The first one goes alone; what comes while it is read is the next batch.
        var first = queue.SubmitAsync(Sized(1, 1)).AsTask();
        var second = Enumerable.Range(2, storing).Select(i => queue.SubmitAsync(Sized(i, 1)).AsTask()).ToList();
        store.Open();
        await store.Arrived();
        store.Release();
        await store.Arrived();
        var third = Enumerable.Range(100, waiting).Select(i => queue.SubmitAsync(Sized(i, 1)).AsTask()).ToList();
        if (ahead > 0) await store.Loaded(ahead);
        Assert.Equal(storing, store.Committing);
        Assert.Equal(ahead > 0 ? ahead : storing, store.LastLoaded);
        store.Release(3);
        Assert.All(await Task.WhenAll([first, .. second, .. third]), static r => Assert.Equal(SubmissionOutcome.Committed, r.Outcome));
    }

    [Fact]
    public async Task A_repetition_waits_while_the_first_is_being_stored_and_is_answered_without_the_store_afterwards()
    {
        using var store = new SlowCommitStore(new InMemoryLoopStore());
        using var loop = new LoopFixture(store: store);
        using var queue = new IntakeQueue(loop.Committer, new IntakeOptions(), loop.Metrics, loop.Time);
        store.Open();
        var delivery = Sized(1, 1) with { DeliveryId = "d-1" };
        var first = queue.SubmitAsync(delivery).AsTask();
        await store.Arrived();
        var repeated = queue.SubmitAsync(delivery).AsTask();
        Assert.False(repeated.IsCompleted);
        store.Release();
        Assert.Equal([SubmissionOutcome.Committed, SubmissionOutcome.Duplicate], [(await first).Outcome, (await repeated).Outcome]);
        int loads = store.Loads;
        Assert.Equal(SubmissionOutcome.Duplicate, (await queue.SubmitAsync(delivery)).Outcome);
        Assert.Equal(loads, store.Loads);
        Assert.Equal(2, loop.Metrics.Duplicates);
        // A claim ends whatever is known of the delivery that carries it.
        var claim = new DueChange { Subject = Key.Item("I-1"), Kind = DueKinds.Sweep, DueAt = Given.Start };
        Assert.Equal(SubmissionOutcome.Duplicate, (await queue.SubmitAsync(delivery with { Due = [claim] })).Outcome);
        Assert.True(store.Loads > loads);
    }

    [Fact]
    public async Task What_the_store_did_not_take_is_no_repetition_when_it_is_sent_again()
    {
        var store = new FailingStore(new InMemoryLoopStore()) { IsDown = true };
        using var loop = new LoopFixture(store: store);
        using var queue = new IntakeQueue(loop.Committer, new IntakeOptions(), loop.Metrics, loop.Time);
        var delivery = Sized(1, 1) with { DeliveryId = "d-1" };
        Assert.Equal(SubmissionOutcome.Busy, (await queue.SubmitAsync(delivery)).Outcome);
        store.IsDown = false;
        Assert.Equal(SubmissionOutcome.Committed, (await queue.SubmitAsync(delivery)).Outcome);
    }

    [Fact]
    public void Recent_deliveries_are_bounded_and_the_newest_are_kept()
    {
        var time = new ManualTimeProvider(Given.Start);
        var recent = new RecentDeliveries(time);
        for (int i = 0; i < 3 * RecentDeliveries.Kept; i++) recent.Add([new DeliveryId("s", $"{i}")]);
        Assert.False(recent.Contains(new DeliveryId("s", "0")));
        Assert.True(recent.Contains(new DeliveryId("s", $"{3 * RecentDeliveries.Kept - 1}")));
        Assert.True(recent.Contains(new DeliveryId("s", $"{2 * RecentDeliveries.Kept}")));
        Assert.False(recent.Contains(new DeliveryId("other", $"{3 * RecentDeliveries.Kept - 1}")));
        var last = new DeliveryId("s", "last");
        recent.Add([last]);
        time.Advance(RecentDeliveries.Age);
        Assert.True(recent.Contains(last));
        time.Advance(RecentDeliveries.Age);
        Assert.False(recent.Contains(last));
    }

    private static Submission Sized(int item, int bytes) => LoopFixture.Submission(Given.Opened(Given.Item(item))) with { Body = new byte[bytes] };

    /// <summary>A store whose reads wait until it is opened, and whose commits wait to be released.</summary>
    private sealed class SlowCommitStore(ILoopStore inner) : StoreDecorator(inner), IDisposable
    {
        private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
        private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SemaphoreSlim _arrived = new(0), _released = new(0), _loaded = new(0);

        public int Committing { get; private set; }

        public int LastLoaded { get; private set; }

        public int Loads { get; private set; }

        public void Dispose()
        {
            _arrived.Dispose();
            _released.Dispose();
            _loaded.Dispose();
        }

        public void Open() => _opened.SetResult();

        public async Task Arrived() => Assert.True(await _arrived.WaitAsync(Deadline), "no commit came");

        public void Release(int count = 1) => _released.Release(count);

        public async Task Loaded(int deliveries)
        {
            while (LastLoaded != deliveries) Assert.True(await _loaded.WaitAsync(Deadline), $"no batch of {deliveries} was read");
        }

        public override async ValueTask<Neighbourhood> LoadAsync(LoadRequest request, CancellationToken cancellationToken)
        {
            Loads++;
            if (request.Subjects.Count > 0) LastLoaded = request.Subjects.Count;
            _loaded.Release();
            await _opened.Task;
            return await base.LoadAsync(request, cancellationToken);
        }

        public override async ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
        {
            if (commit.Registers.Count > 0)
            {
                Committing = commit.Registers.Count;
                _arrived.Release();
                await _released.WaitAsync(cancellationToken);
            }
            return await base.CommitAsync(commit, cancellationToken);
        }
    }

    private sealed class FailingStore(ILoopStore inner) : StoreDecorator(inner)
    {
        public bool IsDown { get; set; }

        public override ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken) =>
            IsDown ? throw new StoreUnavailableException("the store is down") : base.CommitAsync(commit, cancellationToken);
    }

    private sealed class HeldStore(ILoopStore inner) : StoreDecorator(inner)
    {
        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask<Neighbourhood> LoadAsync(LoadRequest request, CancellationToken cancellationToken)
        {
            await Open.Task;
            return await base.LoadAsync(request, cancellationToken);
        }
    }
}
