using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Lines;
using ClosedLoop.Storage;

namespace ClosedLoop.Rebuild;

/// <summary>
/// Takes away what follows from facts in the line index, makes it again from every register, and folds every item. A row in the index marks
/// that this is under way, because half of an index would let items regress.
/// </summary>
internal sealed class RecordRebuild(ILoopStore store, Committer committer, BatchFold fold, ItemRefold refold, TimeProvider time)
{
    private const int PageSize = 1_000;

    /// <summary>Does it again when the last one was cut off.</summary>
    public async ValueTask ResumeAsync(CancellationToken cancellationToken)
    {
        if ((await store.ScanAsync([LineKeys.Only(LineKeys.RebuildMark)], cancellationToken).ConfigureAwait(false))[0].Count > 0) await RunAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<RebuildReport> RunAsync(CancellationToken cancellationToken)
    {
        var items = new SortedSet<Key>();
        int facts = await committer.AloneAsync(set => RebuildLinesAsync(set, items, cancellationToken), cancellationToken).ConfigureAwait(false);
        items.UnionWith(await refold.FindAsync(new ItemQuery { Limit = 500 }, cancellationToken).ConfigureAwait(false));
        int changed = await refold.RunAsync(items, cancellationToken).ConfigureAwait(false);
        await CommitAsync([new IndexChange(LineKeys.RebuildMark, null)], null, cancellationToken).ConfigureAwait(false);
        return new RebuildReport(facts, items.Count, changed);
    }

    private async ValueTask<int> RebuildLinesAsync(WorkingSet set, SortedSet<Key> items, CancellationToken cancellationToken)
    {
        await CommitAsync([new IndexChange(LineKeys.RebuildMark, "")], null, cancellationToken).ConfigureAwait(false);
        foreach (char kind in LineKeys.DerivedKinds)
        {
            for (IReadOnlyList<IndexEntry> rows; (rows = (await store.ScanAsync([LineKeys.Under($"{kind}\t", PageSize)], cancellationToken).ConfigureAwait(false))[0]).Count > 0;)
                await CommitAsync([.. rows.Select(static r => new IndexChange(r.Key, null))], null, cancellationToken).ConfigureAwait(false);
        }
        int facts = 0;
        RegisterId? after = null;
        while (await store.ReadFactsAsync(after, PageSize, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
        {
            set.Clear();
            var (changes, touched) = await fold.PlanLinesAsync(page, set, store, cancellationToken).ConfigureAwait(false);
            items.UnionWith(touched);
            await CommitAsync(changes, set.Token, cancellationToken).ConfigureAwait(false);
            facts += page.Count;
            after = page[^1].Register;
        }
        return facts;
    }

    private async ValueTask CommitAsync(IReadOnlyList<IndexChange> changes, object? token, CancellationToken cancellationToken)
    {
        if (changes.Count == 0) return;
        var result = await store.CommitAsync(new StoreCommit { Token = token, At = time.GetUtcNow(), Index = changes }, cancellationToken).ConfigureAwait(false);
        if (result.Outcome != CommitOutcome.Committed)
            throw new StoreUnavailableException("Another node wrote to the record while it was being rebuilt. Stop all other nodes; the rebuild begins again at the next start, or call it again.");
    }
}
