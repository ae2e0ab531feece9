using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.LoadRig.Ingest;

/// <summary>A store around another one; everything is passed on.</summary>
internal abstract class StoreShell(ILoopStore store) : ILoopStore, IStagedStore, IDisposable
{
    public int WorthStagesFrom => store is IStagedStore staged ? staged.WorthStagesFrom : int.MaxValue;

    public virtual ValueTask<Neighbourhood> LoadAsync(LoadRequest request, CancellationToken cancellationToken) => store.LoadAsync(request, cancellationToken);

    public virtual ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken) => store.CommitAsync(commit, cancellationToken);

    public virtual ValueTask<CommitResult> CommitInStagesAsync(StoreCommit facts, Task<StoreCommit> whole) => ((IStagedStore)store).CommitInStagesAsync(facts, whole);

    public void Dispose() => (store as IDisposable)?.Dispose();

    public virtual ValueTask InitializeAsync(CancellationToken cancellationToken) => store.InitializeAsync(cancellationToken);

    public ValueTask<PipelineHistory> RegisterPipelinesAsync(IReadOnlyList<PipelineVersion> pipelines, DateTimeOffset now, CancellationToken cancellationToken) =>
        store.RegisterPipelinesAsync(pipelines, now, cancellationToken);

    public ValueTask ConfirmPipelinesAsync(IReadOnlyList<PipelineVersion> pipelines, CancellationToken cancellationToken) => store.ConfirmPipelinesAsync(pipelines, cancellationToken);

    public virtual ValueTask<IReadOnlyList<DueClaim>> ClaimDueAsync(ClaimRequest request, CancellationToken cancellationToken) => store.ClaimDueAsync(request, cancellationToken);

    public ValueTask<IReadOnlyList<DueRow>> ReadDueAsync(IReadOnlyCollection<Key> subjects, CancellationToken cancellationToken) => store.ReadDueAsync(subjects, cancellationToken);

    public ValueTask<IReadOnlyList<OutboxClaim>> ClaimOutboxAsync(ClaimRequest request, CancellationToken cancellationToken) => store.ClaimOutboxAsync(request, cancellationToken);

    public ValueTask CompleteOutboxAsync(IReadOnlyList<OutboxCompletion> completions, CancellationToken cancellationToken) => store.CompleteOutboxAsync(completions, cancellationToken);

    public ValueTask<IReadOnlySet<long>> RenewAsync(LeaseRenewal renewal, CancellationToken cancellationToken) => store.RenewAsync(renewal, cancellationToken);

    public ValueTask<IReadOnlyList<ItemRecord>> FindItemsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) => store.FindItemsAsync(ids, cancellationToken);

    public ValueTask<ItemPage> QueryItemsAsync(ItemQuery query, CancellationToken cancellationToken) => store.QueryItemsAsync(query, cancellationToken);

    public ValueTask<IReadOnlyList<Fact>> ReadSubjectsAsync(IReadOnlyCollection<Key> subjects, CancellationToken cancellationToken) => store.ReadSubjectsAsync(subjects, cancellationToken);

    public ValueTask<IReadOnlyList<BoardRow>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) => store.CountAsync(now, cancellationToken);

    public ValueTask<IReadOnlyList<BoardRow>> CountOpenAsync(BoardQuery query, DateTimeOffset now, CancellationToken cancellationToken) => store.CountOpenAsync(query, now, cancellationToken);

    public ValueTask<BoardFacets> ReadFacetsAsync(CancellationToken cancellationToken) => store.ReadFacetsAsync(cancellationToken);

    public ValueTask<IReadOnlyList<Transition>> ReadTransitionsAsync(TransitionQuery query, CancellationToken cancellationToken) => store.ReadTransitionsAsync(query, cancellationToken);

    public ValueTask<IReadOnlyList<QuarantineEntry>> ReadQuarantineAsync(int limit, CancellationToken cancellationToken) => store.ReadQuarantineAsync(limit, cancellationToken);

    public virtual ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges, CancellationToken cancellationToken) =>
        store.ScanAsync(ranges, cancellationToken);

    public ValueTask<IReadOnlyList<Fact>> ReadFactsAsync(RegisterId? after, int limit, CancellationToken cancellationToken) => store.ReadFactsAsync(after, limit, cancellationToken);

    public ValueTask<IReadOnlyList<StoredDocument>> ReadDocumentsAsync(DocumentQuery query, CancellationToken cancellationToken) => store.ReadDocumentsAsync(query, cancellationToken);

    public ValueTask<DateTimeOffset?> NextWakeAsync(CancellationToken cancellationToken) => store.NextWakeAsync(cancellationToken);

    public ValueTask<int> PurgeAsync(PurgeRequest request, CancellationToken cancellationToken) => store.PurgeAsync(request, cancellationToken);
}
