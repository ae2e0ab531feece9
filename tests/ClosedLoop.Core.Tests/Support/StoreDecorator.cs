using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Core.Tests.Support;

/// <summary>A store over another one, for tests that change single answers.</summary>
internal class StoreDecorator(ILoopStore inner) : ILoopStore
{
    public virtual ValueTask InitializeAsync(CancellationToken cancellationToken) => inner.InitializeAsync(cancellationToken);

    public virtual ValueTask<PipelineHistory> RegisterPipelinesAsync(IReadOnlyList<PipelineVersion> pipelines, DateTimeOffset now, CancellationToken cancellationToken) =>
        inner.RegisterPipelinesAsync(pipelines, now, cancellationToken);

    public virtual ValueTask ConfirmPipelinesAsync(IReadOnlyList<PipelineVersion> pipelines, CancellationToken cancellationToken) =>
        inner.ConfirmPipelinesAsync(pipelines, cancellationToken);

    public virtual ValueTask<Neighbourhood> LoadAsync(LoadRequest request, CancellationToken cancellationToken) => inner.LoadAsync(request, cancellationToken);

    public virtual ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken) => inner.CommitAsync(commit, cancellationToken);

    public virtual ValueTask<IReadOnlyList<DueClaim>> ClaimDueAsync(ClaimRequest request, CancellationToken cancellationToken) => inner.ClaimDueAsync(request, cancellationToken);

    public virtual ValueTask<IReadOnlyList<DueRow>> ReadDueAsync(IReadOnlyCollection<Key> subjects, CancellationToken cancellationToken) => inner.ReadDueAsync(subjects, cancellationToken);

    public virtual ValueTask<IReadOnlyList<OutboxClaim>> ClaimOutboxAsync(ClaimRequest request, CancellationToken cancellationToken) => inner.ClaimOutboxAsync(request, cancellationToken);

    public virtual ValueTask CompleteOutboxAsync(IReadOnlyList<OutboxCompletion> completions, CancellationToken cancellationToken) => inner.CompleteOutboxAsync(completions, cancellationToken);

    public virtual ValueTask<IReadOnlySet<long>> RenewAsync(LeaseRenewal renewal, CancellationToken cancellationToken) => inner.RenewAsync(renewal, cancellationToken);

    public virtual ValueTask<IReadOnlyList<ItemRecord>> FindItemsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) => inner.FindItemsAsync(ids, cancellationToken);

    public virtual ValueTask<ItemPage> QueryItemsAsync(ItemQuery query, CancellationToken cancellationToken) => inner.QueryItemsAsync(query, cancellationToken);

    public virtual ValueTask<IReadOnlyList<Fact>> ReadSubjectsAsync(IReadOnlyCollection<Key> subjects, CancellationToken cancellationToken) => inner.ReadSubjectsAsync(subjects, cancellationToken);

    public virtual ValueTask<IReadOnlyList<BoardRow>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) => inner.CountAsync(now, cancellationToken);

    public virtual ValueTask<IReadOnlyList<BoardRow>> CountOpenAsync(BoardQuery query, DateTimeOffset now, CancellationToken cancellationToken) => inner.CountOpenAsync(query, now, cancellationToken);

    public virtual ValueTask<BoardFacets> ReadFacetsAsync(CancellationToken cancellationToken) => inner.ReadFacetsAsync(cancellationToken);

    public virtual ValueTask<IReadOnlyList<Transition>> ReadTransitionsAsync(TransitionQuery query, CancellationToken cancellationToken) => inner.ReadTransitionsAsync(query, cancellationToken);

    public virtual ValueTask<IReadOnlyList<QuarantineEntry>> ReadQuarantineAsync(int limit, CancellationToken cancellationToken) => inner.ReadQuarantineAsync(limit, cancellationToken);

    public virtual ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges, CancellationToken cancellationToken) =>
        inner.ScanAsync(ranges, cancellationToken);

    public virtual ValueTask<IReadOnlyList<Fact>> ReadFactsAsync(RegisterId? after, int limit, CancellationToken cancellationToken) => inner.ReadFactsAsync(after, limit, cancellationToken);

    public virtual ValueTask<IReadOnlyList<StoredDocument>> ReadDocumentsAsync(DocumentQuery query, CancellationToken cancellationToken) => inner.ReadDocumentsAsync(query, cancellationToken);

    public virtual ValueTask<DateTimeOffset?> NextWakeAsync(CancellationToken cancellationToken) => inner.NextWakeAsync(cancellationToken);

    public virtual ValueTask<int> PurgeAsync(PurgeRequest request, CancellationToken cancellationToken) => inner.PurgeAsync(request, cancellationToken);
}
