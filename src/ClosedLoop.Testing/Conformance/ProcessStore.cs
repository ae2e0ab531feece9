using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Testing.Conformance;

/// <summary>The way of one process to a store: it can end before or after any call, a commit can be held up, and a content can be refused.</summary>
internal sealed class ProcessStore(ILoopStore inner) : ILoopStore
{
    private int _points;
    private bool _isGone;

    /// <summary>The process ends at this point: each call has one before it and one after it, from 0 on.</summary>
    public int EndsAt { get; init; } = int.MaxValue;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _isGone;

    /// <summary>Which commits cannot be stored.</summary>
    public Func<StoreCommit, bool> Refuses { get; init; } = static _ => false;

    /// <summary>Awaited before each commit.</summary>
    public Func<StoreCommit, Task>? BeforeCommit { get; init; }

    public ValueTask InitializeAsync(CancellationToken cancellationToken) => CallAsync(() => inner.InitializeAsync(cancellationToken));

    public ValueTask<PipelineHistory> RegisterPipelinesAsync(IReadOnlyList<PipelineVersion> pipelines, DateTimeOffset now, CancellationToken cancellationToken) => CallAsync(() => inner.RegisterPipelinesAsync(pipelines, now, cancellationToken));

    public ValueTask ConfirmPipelinesAsync(IReadOnlyList<PipelineVersion> pipelines, CancellationToken cancellationToken) => CallAsync(() => inner.ConfirmPipelinesAsync(pipelines, cancellationToken));

    public ValueTask<Neighbourhood> LoadAsync(LoadRequest request, CancellationToken cancellationToken) => CallAsync(() => inner.LoadAsync(request, cancellationToken));

    public ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        if (Refuses(commit)) throw new ArgumentException("This content cannot be stored.", nameof(commit));
        if (BeforeCommit is { } before) await before(commit).ConfigureAwait(false);
        return await inner.CommitAsync(commit, cancellationToken).ConfigureAwait(false);
    });

    public ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges, CancellationToken cancellationToken) => CallAsync(() => inner.ScanAsync(ranges, cancellationToken));

    public ValueTask<IReadOnlyList<Fact>> ReadFactsAsync(RegisterId? after, int limit, CancellationToken cancellationToken) => CallAsync(() => inner.ReadFactsAsync(after, limit, cancellationToken));

    public ValueTask<IReadOnlyList<DueRow>> ReadDueAsync(IReadOnlyCollection<Key> subjects, CancellationToken cancellationToken) => CallAsync(() => inner.ReadDueAsync(subjects, cancellationToken));

    public ValueTask<IReadOnlyList<DueClaim>> ClaimDueAsync(ClaimRequest request, CancellationToken cancellationToken) => CallAsync(() => inner.ClaimDueAsync(request, cancellationToken));

    public ValueTask<IReadOnlyList<OutboxClaim>> ClaimOutboxAsync(ClaimRequest request, CancellationToken cancellationToken) => CallAsync(() => inner.ClaimOutboxAsync(request, cancellationToken));

    public ValueTask CompleteOutboxAsync(IReadOnlyList<OutboxCompletion> completions, CancellationToken cancellationToken) => CallAsync(() => inner.CompleteOutboxAsync(completions, cancellationToken));

    public ValueTask<IReadOnlySet<long>> RenewAsync(LeaseRenewal renewal, CancellationToken cancellationToken) => CallAsync(() => inner.RenewAsync(renewal, cancellationToken));

    public ValueTask<IReadOnlyList<ItemRecord>> FindItemsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) => CallAsync(() => inner.FindItemsAsync(ids, cancellationToken));

    public ValueTask<ItemPage> QueryItemsAsync(ItemQuery query, CancellationToken cancellationToken) => CallAsync(() => inner.QueryItemsAsync(query, cancellationToken));

    public ValueTask<IReadOnlyList<Fact>> ReadSubjectsAsync(IReadOnlyCollection<Key> subjects, CancellationToken cancellationToken) => CallAsync(() => inner.ReadSubjectsAsync(subjects, cancellationToken));

    public ValueTask<IReadOnlyList<BoardRow>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) => CallAsync(() => inner.CountAsync(now, cancellationToken));

    public ValueTask<IReadOnlyList<BoardRow>> CountOpenAsync(BoardQuery query, DateTimeOffset now, CancellationToken cancellationToken) => CallAsync(() => inner.CountOpenAsync(query, now, cancellationToken));

    public ValueTask<BoardFacets> ReadFacetsAsync(CancellationToken cancellationToken) => CallAsync(() => inner.ReadFacetsAsync(cancellationToken));

    public ValueTask<IReadOnlyList<Transition>> ReadTransitionsAsync(TransitionQuery query, CancellationToken cancellationToken) => CallAsync(() => inner.ReadTransitionsAsync(query, cancellationToken));

    public ValueTask<IReadOnlyList<QuarantineEntry>> ReadQuarantineAsync(int limit, CancellationToken cancellationToken) => CallAsync(() => inner.ReadQuarantineAsync(limit, cancellationToken));

    public ValueTask<IReadOnlyList<StoredDocument>> ReadDocumentsAsync(DocumentQuery query, CancellationToken cancellationToken) => CallAsync(() => inner.ReadDocumentsAsync(query, cancellationToken));

    public ValueTask<DateTimeOffset?> NextWakeAsync(CancellationToken cancellationToken) => CallAsync(() => inner.NextWakeAsync(cancellationToken));

    public ValueTask<int> PurgeAsync(PurgeRequest request, CancellationToken cancellationToken) => CallAsync(() => inner.PurgeAsync(request, cancellationToken));

    private async ValueTask<T> CallAsync<T>(Func<ValueTask<T>> work)
    {
        Pass();
        var result = await work().ConfigureAwait(false);
        Pass();
        return result;
    }

    private async ValueTask CallAsync(Func<ValueTask> work)
    {
        Pass();
        await work().ConfigureAwait(false);
        Pass();
    }

    private void Pass()
    {
        _isGone |= _points++ == EndsAt;
        if (_isGone) throw new StoreUnavailableException("The process has ended.");
    }
}
