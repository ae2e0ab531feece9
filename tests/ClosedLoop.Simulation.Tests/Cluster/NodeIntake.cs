using ClosedLoop.Intake;
using ClosedLoop.Storage;

namespace ClosedLoop.Simulation.Tests.Cluster;

/// <summary>
/// The intake in turn: what comes while a commit is under way is committed together after it. The engine's own queue does that by
/// waking threads, which would make runs differ; here the order is the scheduler's. A single submission goes through the engine's
/// queue, several go to its committer as one batch.
/// </summary>
/// <param name="queue">The engine's queue.</param>
/// <param name="committer">The engine's committer.</param>
/// <param name="gather">Waits for what arrives at the same instant; null when the first goes alone.</param>
internal sealed class NodeIntake(IIntake queue, Func<Committer> committer, Func<Task>? gather) : IIntake
{
    private const int Most = 256;
    private readonly Queue<(Submission Submission, TaskCompletionSource<SubmissionResult> Done)> _waiting = new();
    private bool _busy;

    public int Waiting => _waiting.Count + (_busy ? 1 : 0);

    public ValueTask<SubmissionResult> SubmitAsync(Submission submission, CancellationToken cancellationToken = default)
    {
        var done = new TaskCompletionSource<SubmissionResult>();
        _waiting.Enqueue((submission, done));
        if (!_busy) _ = DrainAsync();
        return new(done.Task);
    }

    private async Task DrainAsync()
    {
        _busy = true;
        if (gather is not null) await gather();
        while (_waiting.Count > 0)
        {
            var batch = new List<(Submission Submission, TaskCompletionSource<SubmissionResult> Done)>();
            while (batch.Count < Most && _waiting.TryDequeue(out var next)) batch.Add(next);
            IReadOnlyList<SubmissionResult> results;
            try
            {
                results = batch.Count == 1 ? [await queue.SubmitAsync(batch[0].Submission)] : await committer().CommitAsync([.. batch.Select(static b => b.Submission)], null, CancellationToken.None);
            }
            catch (StoreUnavailableException exception)
            {
                results = [.. batch.Select(_ => new SubmissionResult { Outcome = SubmissionOutcome.Busy, Detail = exception.Message })];
            }
            catch (Exception exception)
            {
                foreach (var (_, done) in batch) done.SetException(exception);
                continue;
            }
            for (int i = 0; i < batch.Count; i++) batch[i].Done.SetResult(results[i]);
        }
        _busy = false;
    }
}
