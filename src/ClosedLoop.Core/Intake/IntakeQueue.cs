using System.Collections.Concurrent;
using ClosedLoop.Diagnostics;
using ClosedLoop.Storage;

namespace ClosedLoop.Intake;

/// <summary>
/// Group commit without a thread of its own: of the submitters that wait, one at a time takes all that is queued, commits it and
/// wakes the others. It works the same in a web host, in a simulation and in a process that never starts a host.
/// </summary>
internal sealed class IntakeQueue(Committer committer, IntakeOptions options, LoopMetrics metrics, TimeProvider time) : IIntake, IDisposable
{
    // Fewer are not worth a transaction of their own while another batch is being stored.
    private const int LeastAhead = 16;

    private readonly ConcurrentQueue<Waiting> _queue = new();
    private readonly RecentDeliveries _recent = new(time);
    private readonly SemaphoreSlim _leader = new(1, 1);
    private volatile Turn? _storing;
    private int _count;
    private long _bytes;

    public async ValueTask<SubmissionResult> SubmitAsync(Submission submission, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(submission);
        // A claim has to end whatever was known before, so what carries one is never answered here.
        if (submission.Delivery is { } delivery && submission.Due.IsDefaultOrEmpty && _recent.Contains(delivery))
        {
            metrics.Duplicate(submission.Source);
            return SubmissionResult.DuplicateOf(delivery);
        }
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
        if (_storing is { } turn && IsWorthAhead(turn)) turn.End();
        var lead = LeadAsync(waiting);
        return await lead.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _leader.Dispose();

    private async Task<SubmissionResult> LeadAsync(Waiting own)
    {
        while (!own.Done.Task.IsCompleted)
        {
            await _leader.WaitAsync().ConfigureAwait(false);
            var turn = new Turn(_leader);
            try
            {
                if (own.Done.Task.IsCompleted) break;
                var batch = Take();
                // All is taken: what this one waits for is being stored by whoever took it.
                if (batch.Count == 0) break;
                turn.Size = batch.Count;
                await CommitAsync(batch, () => PassOn(turn)).ConfigureAwait(false);
            }
            finally
            {
                if (_storing == turn) _storing = null;
                turn.End();
            }
        }
        return await own.Done.Task.ConfigureAwait(false);
    }

    // A batch is folded and about to be stored. The next one may be folded meanwhile if it is about as big; few are better stored together
    // with those that come until this batch is done, because each transaction costs the disk the same.
    private void PassOn(Turn turn)
    {
        _storing = turn;
        if (IsWorthAhead(turn)) turn.End();
    }

    private bool IsWorthAhead(Turn storing) => Volatile.Read(ref _count) >= Math.Clamp(storing.Size / 2, Math.Min(LeastAhead, options.BatchCount), options.BatchCount);

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

    private async Task CommitAsync(List<Waiting> batch, Action folded)
    {
        try
        {
            var results = await committer.CommitAsync([.. batch.Select(static w => w.Submission)], folded, CancellationToken.None).ConfigureAwait(false);
            _recent.Add(batch.Where((_, i) => results[i].Outcome is SubmissionOutcome.Committed or SubmissionOutcome.Duplicate).Select(static w => w.Submission.Delivery).OfType<DeliveryId>());
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

    /// <summary>The right to take the next batch; given back once.</summary>
    private sealed class Turn(SemaphoreSlim leader)
    {
        private int _ended;

        /// <summary>How many are in the batch.</summary>
        public int Size { get; set; }

        public void End()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0) leader.Release();
        }
    }

    private sealed record Waiting(Submission Submission)
    {
        public TaskCompletionSource<SubmissionResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
