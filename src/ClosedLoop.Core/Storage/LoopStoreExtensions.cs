using System.Runtime.CompilerServices;

namespace ClosedLoop.Storage;

internal static class LoopStoreExtensions
{
    /// <summary>The pages of a query, to their end; each is read when the one before was taken.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<ItemRecord>> PagesAsync(this ILoopStore store, ItemQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            var page = await store.QueryItemsAsync(query, cancellationToken).ConfigureAwait(false);
            yield return page.Items;
            query = query with { Cursor = page.NextCursor };
        }
        while (query.Cursor is not null);
    }

    /// <summary>The place of the log's last entry, 0 when it is empty. It is kept nowhere: doubling finds a place beyond the end, halving the end.</summary>
    public static async ValueTask<long> EndOfLogAsync(this ILoopStore store, CancellationToken cancellationToken)
    {
        long end = 0, beyond = 1;
        while (await HasMoreAsync(beyond - 1).ConfigureAwait(false)) (end, beyond) = (beyond, beyond * 2);
        while (beyond - end > 1)
        {
            long middle = end + ((beyond - end) / 2);
            if (await HasMoreAsync(middle - 1).ConfigureAwait(false)) end = middle;
            else beyond = middle;
        }
        return end;

        async ValueTask<bool> HasMoreAsync(long after) => (await store.ReadTransitionsAsync(new TransitionQuery { After = after, Limit = 1 }, cancellationToken).ConfigureAwait(false)).Count > 0;
    }
}
