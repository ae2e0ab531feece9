using System.Runtime.CompilerServices;
using ClosedLoop.AspNetCore.Api;

namespace ClosedLoop.Cli.Reading;

internal static class RecordReaderExtensions
{
    private const int Page = 500;

    /// <summary>All items that match, each page read when the one before was taken.</summary>
    public static async IAsyncEnumerable<ItemBody> ItemsAsync(this IRecordReader reader, ItemFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var page = await reader.ListAsync(filter, cursor, Page, cancellationToken).ConfigureAwait(false);
            foreach (var item in page.Items) yield return item;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    /// <summary>The log from a place to its end as it is now.</summary>
    public static async IAsyncEnumerable<TransitionBody> LogAsync(this IRecordReader reader, string? itemId, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in reader.LogPagesAsync(itemId, after, cancellationToken).ConfigureAwait(false))
            foreach (var transition in page)
                yield return transition;
    }

    /// <summary>The same, a page at a time; the last one may be empty.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<TransitionBody>> LogPagesAsync(this IRecordReader reader, string? itemId, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await reader.TransitionsAsync(itemId, after, Page, cancellationToken).ConfigureAwait(false);
            yield return page.Transitions;
            if (page.Transitions.Count < Page) yield break;
            after = page.Transitions[^1].Sequence;
        }
    }
}
