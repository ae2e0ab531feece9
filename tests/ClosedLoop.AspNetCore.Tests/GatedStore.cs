using ClosedLoop.Facts;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.AspNetCore.Tests;

/// <summary>A store in memory that a test can stop or break.</summary>
internal sealed class GatedStore : ILoopStore
{
    private readonly InMemoryLoopStore _inner = new();
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsHeld { get; set; }

    public Exception? Failure { get; set; }

    public bool IsInitialized { get; private set; }

    /// <summary>Completes when a load is held.</summary>
    public Task Entered => _entered.Task;

    public void Release()
    {
        IsHeld = false;
        _open.TrySetResult();
    }

    public ValueTask InitializeAsync(CancellationToken cancellationToken)
    {
        IsInitialized = true;
        return _inner.InitializeAsync(cancellationToken);
    }

    public ValueTask<PipelineHistory> RegisterPipelinesAsync(IReadOnlyList<PipelineVersion> pipelines, DateTimeOffset now, CancellationToken cancellationToken) =>
        _inner.RegisterPipelinesAsync(pipelines, now, cancellationToken);

    public ValueTask ConfirmPipelinesAsync(IReadOnlyList<PipelineVersion> pipelines, CancellationToken cancellationToken) =>
        _inner.ConfirmPipelinesAsync(pipelines, cancellationToken);

    public async ValueTask<Neighbourhood> LoadAsync(LoadRequest request, CancellationToken cancellationToken)
    {
        if (!IsInitialized) throw new InvalidOperationException("the store was used before its schema was made");
        ThrowIfBroken();
        if (IsHeld)
        {
            _entered.TrySetResult();
            await _open.Task;
        }
        return await _inner.LoadAsync(request, cancellationToken);
    }

    public ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken) => _inner.CommitAsync(commit, cancellationToken);

    public ValueTask<IReadOnlyList<DueClaim>> ClaimDueAsync(ClaimRequest request, CancellationToken cancellationToken) => _inner.ClaimDueAsync(request, cancellationToken);

    public ValueTask<IReadOnlyList<DueRow>> ReadDueAsync(IReadOnlyCollection<Key> subjects, CancellationToken cancellationToken) => _inner.ReadDueAsync(subjects, cancellationToken);

    public ValueTask<IReadOnlyList<OutboxClaim>> ClaimOutboxAsync(ClaimRequest request, CancellationToken cancellationToken) => _inner.ClaimOutboxAsync(request, cancellationToken);

    public ValueTask CompleteOutboxAsync(IReadOnlyList<OutboxCompletion> completions, CancellationToken cancellationToken) => _inner.CompleteOutboxAsync(completions, cancellationToken);

    public ValueTask<IReadOnlySet<long>> RenewAsync(LeaseRenewal renewal, CancellationToken cancellationToken) => _inner.RenewAsync(renewal, cancellationToken);

    public ValueTask<IReadOnlyList<ItemRecord>> FindItemsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        return _inner.FindItemsAsync(ids, cancellationToken);
    }

    public ValueTask<ItemPage> QueryItemsAsync(ItemQuery query, CancellationToken cancellationToken) => _inner.QueryItemsAsync(query, cancellationToken);

    public ValueTask<IReadOnlyList<Fact>> ReadSubjectsAsync(IReadOnlyCollection<Key> subjects, CancellationToken cancellationToken) => _inner.ReadSubjectsAsync(subjects, cancellationToken);

    public ValueTask<IReadOnlyList<BoardRow>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        return _inner.CountAsync(now, cancellationToken);
    }

    public ValueTask<IReadOnlyList<BoardRow>> CountOpenAsync(BoardQuery query, DateTimeOffset now, CancellationToken cancellationToken) => _inner.CountOpenAsync(query, now, cancellationToken);

    public ValueTask<BoardFacets> ReadFacetsAsync(CancellationToken cancellationToken) => _inner.ReadFacetsAsync(cancellationToken);

    public ValueTask<IReadOnlyList<Transition>> ReadTransitionsAsync(TransitionQuery query, CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        return _inner.ReadTransitionsAsync(query, cancellationToken);
    }

    public ValueTask<IReadOnlyList<QuarantineEntry>> ReadQuarantineAsync(int limit, CancellationToken cancellationToken) => _inner.ReadQuarantineAsync(limit, cancellationToken);

    public ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges, CancellationToken cancellationToken) =>
        _inner.ScanAsync(ranges, cancellationToken);

    public ValueTask<IReadOnlyList<Fact>> ReadFactsAsync(RegisterId? after, int limit, CancellationToken cancellationToken) => _inner.ReadFactsAsync(after, limit, cancellationToken);

    public ValueTask<IReadOnlyList<StoredDocument>> ReadDocumentsAsync(DocumentQuery query, CancellationToken cancellationToken) => _inner.ReadDocumentsAsync(query, cancellationToken);

    public ValueTask<DateTimeOffset?> NextWakeAsync(CancellationToken cancellationToken) => _inner.NextWakeAsync(cancellationToken);

    public ValueTask<int> PurgeAsync(PurgeRequest request, CancellationToken cancellationToken) => _inner.PurgeAsync(request, cancellationToken);

    private void ThrowIfBroken()
    {
        if (Failure is not null) throw Failure;
    }
}
