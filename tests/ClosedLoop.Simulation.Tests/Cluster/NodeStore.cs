using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Simulation.Tests.Cluster;

/// <summary>
/// One node's connection to the shared store. Each call yields before and after, and may fail at both places: before, nothing is stored;
/// after, it is, and the caller does not know.
/// </summary>
internal sealed class NodeStore(NodeLife life, ILoopStore shared) : ILoopStore
{
    public ValueTask InitializeAsync(CancellationToken cancellationToken) => CallAsync("initialize", () => shared.InitializeAsync(cancellationToken));

    public async ValueTask<PipelineHistory> RegisterPipelinesAsync(IReadOnlyList<PipelineVersion> pipelines, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var history = await CallAsync("register", () => shared.RegisterPipelinesAsync(pipelines, now, cancellationToken));
        life.Simulation.Registered(history);
        return history;
    }

    public ValueTask ConfirmPipelinesAsync(IReadOnlyList<PipelineVersion> pipelines, CancellationToken cancellationToken) => CallAsync("confirm", () => shared.ConfirmPipelinesAsync(pipelines, cancellationToken));

    public ValueTask<Neighbourhood> LoadAsync(LoadRequest request, CancellationToken cancellationToken) => CallAsync("load", () => shared.LoadAsync(request, cancellationToken));

    public ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken) => CallAsync("commit", async () =>
    {
        commit = life.Simulation.Sabotage?.Invoke(commit) ?? commit;
        var result = await shared.CommitAsync(commit, cancellationToken);
        await life.Simulation.CommittedAsync(life, commit, result);
        return result;
    });

    public ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges, CancellationToken cancellationToken) => CallAsync("scan", () => shared.ScanAsync(ranges, cancellationToken));

    public ValueTask<IReadOnlyList<Fact>> ReadFactsAsync(RegisterId? after, int limit, CancellationToken cancellationToken) => CallAsync("read facts", () => shared.ReadFactsAsync(after, limit, cancellationToken));

    public ValueTask<IReadOnlyList<DueRow>> ReadDueAsync(IReadOnlyCollection<Key> subjects, CancellationToken cancellationToken) => CallAsync("read due", () => shared.ReadDueAsync(subjects, cancellationToken));

    public ValueTask<IReadOnlyList<DueClaim>> ClaimDueAsync(ClaimRequest request, CancellationToken cancellationToken) => CallAsync("claim", () => shared.ClaimDueAsync(request, cancellationToken));

    public ValueTask<IReadOnlyList<OutboxClaim>> ClaimOutboxAsync(ClaimRequest request, CancellationToken cancellationToken) => CallAsync("claim outbox", () => shared.ClaimOutboxAsync(request, cancellationToken));

    public ValueTask CompleteOutboxAsync(IReadOnlyList<OutboxCompletion> completions, CancellationToken cancellationToken) => CallAsync("complete outbox", () => shared.CompleteOutboxAsync(completions, cancellationToken));

    public ValueTask<IReadOnlySet<long>> RenewAsync(LeaseRenewal renewal, CancellationToken cancellationToken) => CallAsync("renew", () => shared.RenewAsync(renewal, cancellationToken));

    public ValueTask<IReadOnlyList<ItemRecord>> FindItemsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) => CallAsync("find", () => shared.FindItemsAsync(ids, cancellationToken));

    public ValueTask<ItemPage> QueryItemsAsync(ItemQuery query, CancellationToken cancellationToken) => CallAsync("query", () => shared.QueryItemsAsync(query, cancellationToken));

    public ValueTask<IReadOnlyList<Fact>> ReadSubjectsAsync(IReadOnlyCollection<Key> subjects, CancellationToken cancellationToken) => CallAsync("read subjects", () => shared.ReadSubjectsAsync(subjects, cancellationToken));

    public ValueTask<IReadOnlyList<BoardRow>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) => CallAsync("count", () => shared.CountAsync(now, cancellationToken));

    public ValueTask<IReadOnlyList<BoardRow>> CountOpenAsync(BoardQuery query, DateTimeOffset now, CancellationToken cancellationToken) => CallAsync("count", () => shared.CountOpenAsync(query, now, cancellationToken));

    public ValueTask<BoardFacets> ReadFacetsAsync(CancellationToken cancellationToken) => CallAsync("facets", () => shared.ReadFacetsAsync(cancellationToken));

    public ValueTask<IReadOnlyList<Transition>> ReadTransitionsAsync(TransitionQuery query, CancellationToken cancellationToken) => CallAsync("transitions", () => shared.ReadTransitionsAsync(query, cancellationToken));

    public ValueTask<IReadOnlyList<QuarantineEntry>> ReadQuarantineAsync(int limit, CancellationToken cancellationToken) => CallAsync("quarantine", () => shared.ReadQuarantineAsync(limit, cancellationToken));

    public ValueTask<IReadOnlyList<StoredDocument>> ReadDocumentsAsync(DocumentQuery query, CancellationToken cancellationToken) => CallAsync("read documents", () => shared.ReadDocumentsAsync(query, cancellationToken));

    public ValueTask<DateTimeOffset?> NextWakeAsync(CancellationToken cancellationToken) => CallAsync("next wake", () => shared.NextWakeAsync(cancellationToken));

    public ValueTask<int> PurgeAsync(PurgeRequest request, CancellationToken cancellationToken) => CallAsync("purge", () => shared.PurgeAsync(request, cancellationToken));

    private ValueTask<T> CallAsync<T>(string call, Func<ValueTask<T>> work) => life.Simulation.Options.ReadsAtOnce && call != "commit" ? AtOnce(work) : YieldingAsync(call, work);

    private ValueTask<T> AtOnce<T>(Func<ValueTask<T>> work)
    {
        life.Scheduler.RequireOwnThread(life.Name);
        life.Simulation.Figures.StoreCalls++;
        return work();
    }

    private async ValueTask<T> YieldingAsync<T>(string call, Func<ValueTask<T>> work)
    {
        await life.StoreAsync("before " + call, life.Faults.StoreFailsBefore, waits: true);
        var result = await work();
        life.Simulation.Figures.StoreCalls++;
        await life.StoreAsync("after " + call, life.Faults.StoreFailsAfter, waits: call == "commit");
        return result;
    }

    private async ValueTask CallAsync(string call, Func<ValueTask> work)
    {
        await life.StoreAsync("before " + call, life.Faults.StoreFailsBefore, waits: true);
        await work();
        await life.StoreAsync("after " + call, life.Faults.StoreFailsAfter, waits: call == "commit");
    }
}
