using ClosedLoop.Deadlines;
using ClosedLoop.Lines;
using ClosedLoop.Pipelines;
using ClosedLoop.Reconciliation;
using ClosedLoop.Storage;

namespace ClosedLoop.Hosting;

internal sealed class LoopQueries(EngineStart start, ILoopStore store, PipelineCatalog pipelines, AdapterCatalog adapters, SourceHealth health, LimitClock limits, TimeProvider time) : ILoopQueries
{
    public IReadOnlyList<PipelineDefinition> Pipelines => [pipelines.Default, .. pipelines.All.Where(p => p.Name != pipelines.DefaultName)];

    public IReadOnlyList<SourceStatus> Sources => [.. adapters.Probing.Select(health.Describe).OrderBy(static s => s.Source, StringComparer.Ordinal)];

    public async ValueTask<StatusPage> ListAsync(ItemQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var page = await store.QueryItemsAsync(query, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var statuses = page.Items.Select(record => StatusView.Of(record, health, limits, now));
        // The store compares limits as if their clocks never stood still.
        if (query.OverdueAt <= now) statuses = statuses.Where(static s => s.Overdue.Count > 0);
        return new StatusPage([.. statuses], page.NextCursor);
    }

    public async ValueTask<IReadOnlyList<BoardRow>> CountAsync(CancellationToken cancellationToken = default)
    {
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return await store.CountAsync(time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<BoardRow>> CountAsync(BoardQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        if (query.LeavesOutClosed) return await store.CountOpenAsync(query, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        var all = await store.CountAsync(time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        return query.Pipeline is null ? all : [.. all.Where(r => r.Pipeline == query.Pipeline)];
    }

    public async ValueTask<BoardFacets> ReadFacetsAsync(CancellationToken cancellationToken = default)
    {
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return await store.ReadFacetsAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<LineSummary>> ListLinesAsync(string? repository = null, int limit = 100, CancellationToken cancellationToken = default)
    {
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return await new LineReader(store, Pipelines, cancellationToken).ListAsync(repository, limit).ConfigureAwait(false);
    }

    public async ValueTask<LineView?> ReadLineAsync(LineQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return await new LineReader(store, Pipelines, cancellationToken).ReadAsync(query).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<Transition>> ReadTransitionsAsync(TransitionQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return await store.ReadTransitionsAsync(query, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<QuarantineEntry>> ReadQuarantineAsync(int limit, CancellationToken cancellationToken = default)
    {
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return await store.ReadQuarantineAsync(limit, cancellationToken).ConfigureAwait(false);
    }
}
