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
        using var queue = new IntakeQueue(loop.Committer, new IntakeOptions { QueueBytes = 10 }, loop.Metrics);
        var committing = queue.SubmitAsync(Sized(1, 6)).AsTask();
        var waiting = queue.SubmitAsync(Sized(2, 20)).AsTask();
        Assert.Equal(SubmissionOutcome.Busy, (await queue.SubmitAsync(Sized(3, 1))).Outcome);
        store.Open.SetResult();
        Assert.Equal([SubmissionOutcome.Committed, SubmissionOutcome.Committed], [(await committing).Outcome, (await waiting).Outcome]);
        // What was refused left nothing behind that counts.
        Assert.Equal(SubmissionOutcome.Committed, (await queue.SubmitAsync(Sized(3, 20))).Outcome);
        Assert.Equal(SubmissionOutcome.Committed, (await queue.SubmitAsync(Sized(4, 10))).Outcome);
    }

    private static Submission Sized(int item, int bytes) => LoopFixture.Submission(Given.Opened(Given.Item(item))) with { Body = new byte[bytes] };

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
