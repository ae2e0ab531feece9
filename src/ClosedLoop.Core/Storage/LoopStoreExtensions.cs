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

    /// <summary>The place of the log's last entry, 0 when it is empty.</summary>
    public static async ValueTask<long> EndOfLogAsync(this ILoopStore store, CancellationToken cancellationToken) =>
        await store.ReadTransitionsAsync(new TransitionQuery { NewestFirst = true, Limit = 1 }, cancellationToken).ConfigureAwait(false) is [var last] ? last.Sequence : 0;
}
