using System.Collections.Concurrent;
using ClosedLoop.Diagnostics;
using ClosedLoop.Storage;

namespace ClosedLoop.Intake;

/// <summary>
/// Group commit without a thread of its own: of the submitters that wait, one at a time takes all that is queued, commits it and
/// wakes the others. It works the same in a web host, in a simulation and in a process that never starts a host.
/// </summary>
internal sealed class IntakeQueue(Committer committer, IntakeOptions options, LoopMetrics metrics) : IIntake, IDisposable
{
    private readonly ConcurrentQueue<Waiting> _queue = new();
    private readonly SemaphoreSlim _leader = new(1, 1);
    private int _count;
    private long _bytes;

    public async ValueTask<SubmissionResult> SubmitAsync(Submission submission, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(submission);
        if (Interlocked.Increment(ref _count) > options.QueueCapacity)
        {
            Interlocked.Decrement(ref _count);
            metrics.Busy(submission.Source);
            return new SubmissionResult { Outcome = SubmissionOutcome.Busy, Detail = $"{options.QueueCapacity} submissions are waiting; send it again in a few seconds." };
        }
        int size = submission.Body.Length;
        if (Interlocked.Add(ref _bytes, size) is var bytes && bytes > options.QueueBytes && bytes > size)
        {
            Interlocked.Add(ref _bytes, -size);
            Interlocked.Decrement(ref _count);
            metrics.Busy(submission.Source);
            return new SubmissionResult { Outcome = SubmissionOutcome.Busy, Detail = $"{bytes - size} bytes are waiting; send it again in a few seconds." };
        }
        var waiting = new Waiting(submission);
        _queue.Enqueue(waiting);
        var lead = LeadAsync(waiting);
        return await lead.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _leader.Dispose();

    private async Task<SubmissionResult> LeadAsync(Waiting own)
    {
        while (!own.Done.Task.IsCompleted)
        {
            await _leader.WaitAsync().ConfigureAwait(false);
            try
            {
                if (own.Done.Task.IsCompleted) break;
                var batch = Take();
                if (batch.Count > 0) await CommitAsync(batch).ConfigureAwait(false);
            }
            finally
            {
                _leader.Release();
            }
        }
        return await own.Done.Task.ConfigureAwait(false);
    }

    private List<Waiting> Take()
    {
        var batch = new List<Waiting>();
        long bytes = 0;
        while (batch.Count < options.BatchCount && bytes < options.BatchBytes && _queue.TryDequeue(out var waiting))
        {
            batch.Add(waiting);
            bytes += waiting.Submission.Body.Length;
        }
        Interlocked.Add(ref _count, -batch.Count);
        Interlocked.Add(ref _bytes, -bytes);
        return batch;
    }

    private async Task CommitAsync(List<Waiting> batch)
    {
        try
        {
            var results = await committer.CommitAsync([.. batch.Select(static w => w.Submission)], CancellationToken.None).ConfigureAwait(false);
            for (int i = 0; i < batch.Count; i++) batch[i].Done.SetResult(results[i]);
        }
        catch (StoreUnavailableException exception)
        {
            var busy = new SubmissionResult { Outcome = SubmissionOutcome.Busy, Detail = exception.Message };
            foreach (var waiting in batch) waiting.Done.TrySetResult(busy);
        }
        catch (Exception exception)
        {
            foreach (var waiting in batch) waiting.Done.TrySetException(exception);
        }
    }

    private sealed record Waiting(Submission Submission)
    {
        public TaskCompletionSource<SubmissionResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
