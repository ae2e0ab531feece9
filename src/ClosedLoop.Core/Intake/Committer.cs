using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Diagnostics;
using ClosedLoop.Facts;
using ClosedLoop.Storage;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Intake;

/// <summary>
/// Commits batches: load the neighbourhood, fold, store, again on conflict. A submission that cannot be applied is isolated by
/// halving and kept aside; the rest of its batch commits.
/// </summary>
internal sealed partial class Committer(ILoopStore store, BatchFold fold, TransitionFeed feed, TimeProvider time, LoopMetrics metrics, ILogger<Committer> logger) : IDisposable
{
    private const int MaxConflicts = 20;

    private readonly WorkingSet _set = new(store);
    private readonly SemaphoreSlim _folding = new(1, 1);
    private readonly SemaphoreSlim _writing = new(1, 1);

    public void Dispose()
    {
        _folding.Dispose();
        _writing.Dispose();
    }

    /// <summary>Commits a batch; the results are in the batch's order.</summary>
    /// <param name="batch">What to commit.</param>
    /// <param name="folded">Called when the next batch may be taken: this one is folded and about to be stored.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="StoreUnavailableException">The store cannot take it now; nothing of the failed part was stored.</exception>
    public async ValueTask<IReadOnlyList<SubmissionResult>> CommitAsync(IReadOnlyList<Submission> batch, Action? folded, CancellationToken cancellationToken)
    {
        try
        {
            return await CommitTogetherAsync(batch, folded, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not (StoreUnavailableException or OperationCanceledException))
        {
            if (batch.Count == 1) return [await QuarantineAsync(batch[0], exception, cancellationToken).ConfigureAwait(false)];
            int half = batch.Count / 2;
            var first = await HalfAsync([.. batch.Take(half)], cancellationToken).ConfigureAwait(false);
            var second = await HalfAsync([.. batch.Skip(half)], cancellationToken).ConfigureAwait(false);
            return [.. first, .. second];
        }
    }

    // What the other half stored is stored: only this one is to be sent again.
    private async ValueTask<IReadOnlyList<SubmissionResult>> HalfAsync(IReadOnlyList<Submission> half, CancellationToken cancellationToken)
    {
        try
        {
            return await CommitAsync(half, null, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreUnavailableException exception)
        {
            return [.. half.Select(_ => new SubmissionResult { Outcome = SubmissionOutcome.Busy, Detail = exception.Message })];
        }
    }

    private async ValueTask<IReadOnlyList<SubmissionResult>> CommitTogetherAsync(IReadOnlyList<Submission> batch, Action? folded, CancellationToken cancellationToken)
    {
        using var activity = LoopActivities.Commit(batch.Count);
        var request = Request(batch);
        for (int attempt = 1; ; attempt++)
        {
            if (await AttemptAsync(batch, request, folded, cancellationToken).ConfigureAwait(false) is { } results) return results;
            metrics.Conflict();
            if (attempt == MaxConflicts)
                throw new StoreUnavailableException($"The record changed {MaxConflicts} times while a batch was being folded; send it again. Another process writes to the same store.");
        }
    }

    // While one batch is being stored the next is folded, on the assumption that the first succeeds: the disk and the processor work at
    // the same time, and neither waits for the other.
    private async ValueTask<IReadOnlyList<SubmissionResult>?> AttemptAsync(IReadOnlyList<Submission> batch, LoadRequest request, Action? folded, CancellationToken cancellationToken)
    {
        StoreCommit commit;
        IReadOnlyList<SubmissionResult> results;
        PendingWrite? write = null;
        StagedWrite? staged = null;
        bool mayWrite = false;
        await _folding.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var known = await _set.BeginAsync(request with { Index = fold.Ahead(batch, _set.Graph) }, cancellationToken).ConfigureAwait(false);
            var taken = fold.Take(batch, _set, known, time.GetUtcNow(), cancellationToken);
            // What is certain of a large batch is written while the rest is folded, if no other one is being stored.
            if (StagedWrite.IsWorth(store, taken.Facts) && _writing.Wait(0, CancellationToken.None))
            {
                mayWrite = true;
                if (!_set.Settle()) return null;
                staged = StagedWrite.Begin(store, taken.Facts with { Token = _set.Token });
            }
            (commit, results) = await fold.PlanAsync(taken, _set, store, cancellationToken).ConfigureAwait(false);
            if (!mayWrite) await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
            mayWrite = true;
            if (!_set.Settle()) return null;
            commit = commit with { Token = _set.Token };
            write = _set.Write(commit);
        }
        catch (StaleReadException)
        {
            // As a conflict at the commit, only seen sooner.
            return null;
        }
        catch (Exception exception) when (exception is not (StoreUnavailableException or OperationCanceledException))
        {
            // The index is read in several steps. What another node stored between two of them need not make sense together, and is no poison.
            if (await HasChangedAsync(cancellationToken).ConfigureAwait(false)) return null;
            throw;
        }
        finally
        {
            if (write is null)
            {
                if (!mayWrite) await _writing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
                if (staged is not null) await staged.AbandonAsync().ConfigureAwait(false);
                _set.Clear();
                _writing.Release();
            }
            _folding.Release();
        }
        CommitResult? stored = null;
        try
        {
            folded?.Invoke();
            stored = staged is null ? await store.CommitAsync(commit, cancellationToken).ConfigureAwait(false) : await staged.CompleteAsync(commit).ConfigureAwait(false);
        }
        finally
        {
            write.Complete(stored);
            _writing.Release();
        }
        if (stored is not { Outcome: CommitOutcome.Committed }) return null;
        metrics.Committed(batch, results, commit);
        if (commit.Transitions.Count > 0 || commit.Due.Count > 0) feed.Signal();
        return results;
    }

    /// <summary>Runs work while no batch is folded or stored; nothing of before is kept for the batches after it.</summary>
    public async ValueTask<T> AloneAsync<T>(Func<WorkingSet, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await _folding.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                _set.Clear();
                return await work(_set).ConfigureAwait(false);
            }
            finally
            {
                _set.Clear();
                _writing.Release();
            }
        }
        finally
        {
            _folding.Release();
        }
    }

    private async ValueTask<bool> HasChangedAsync(CancellationToken cancellationToken) =>
        _set.Token is { } token && !Equals((await store.LoadAsync(new LoadRequest(), cancellationToken).ConfigureAwait(false)).Token, token);

    private static LoadRequest Request(IReadOnlyList<Submission> batch)
    {
        var subjects = new HashSet<Key>();
        var targets = new HashSet<Key>();
        var deliveries = new HashSet<DeliveryId>();
        foreach (var submission in batch)
        {
            if (submission.Delivery is { } delivery) deliveries.Add(delivery);
            foreach (var item in submission.Touch) subjects.Add(item);
            foreach (var hint in submission.Hints) targets.Add(hint);
            foreach (var fact in submission.Facts)
            {
                subjects.Add(fact.Subject);
                targets.UnionWith(fact.Links);
            }
        }
        return new LoadRequest { Subjects = subjects, Targets = targets, Deliveries = deliveries, ForCommit = true };
    }

    private async ValueTask<SubmissionResult> QuarantineAsync(Submission poison, Exception exception, CancellationToken cancellationToken)
    {
        LogPoison(logger, exception, poison.Source, poison.DeliveryId);
        var now = time.GetUtcNow();
        string detail = $"{poison.Source}: could not be applied: {exception.GetType().Name}: {exception.Message}";
        var body = poison.Body.IsEmpty ? FactsOf(poison) : poison.Body;
        // By content: a probe reads its poison again at each look.
        string entryId = $"{poison.Source}-poison-{Convert.ToHexStringLower(SHA256.HashData(body.Span))}";
        var entry = new QuarantineEntry { Id = entryId, Source = poison.Source, Kind = QuarantineKind.Poison, Detail = detail, Body = body, ReceivedAt = poison.ReceivedAt };
        var commit = new StoreCommit
        {
            At = now,
            Quarantine = [entry],
            // The claim behind a poison probe must end, or it would be claimed again at once and for ever.
            Due = [.. poison.Due],
            // The delivery does not count as taken: sent again to a version that can apply it, it is recorded.
        };
        await store.CommitAsync(commit, cancellationToken).ConfigureAwait(false);
        metrics.Quarantined(poison.Source, QuarantineKind.Poison);
        return new SubmissionResult { Outcome = SubmissionOutcome.Quarantined, Detail = detail };
    }

    // Probes and calls have no bytes of their own; their facts are what there is to look at.
    private static ReadOnlyMemory<byte> FactsOf(Submission poison) => Encoding.UTF8.GetBytes($"[{string.Join(",\n", poison.Facts.Select(StoredJson.Write))}]");

    [LoggerMessage(1, LogLevel.Error, "Quarantined a submission of {Source} (delivery {DeliveryId}): it could not be applied alone")]
    private static partial void LogPoison(ILogger logger, Exception exception, string source, string? deliveryId);
}
