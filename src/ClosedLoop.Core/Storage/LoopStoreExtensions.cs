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
}
