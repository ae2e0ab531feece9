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
        while (true)
        {
            var page = await reader.TransitionsAsync(itemId, after, Page, cancellationToken).ConfigureAwait(false);
            foreach (var transition in page.Transitions) yield return transition;
            if (page.Transitions.Count < Page) yield break;
            after = page.Transitions[^1].Sequence;
        }
    }

    /// <summary>The place of the log's last entry, 0 when it is empty: doubling finds a place beyond the end, halving the end.</summary>
    public static async ValueTask<long> EndOfLogAsync(this IRecordReader reader, CancellationToken cancellationToken)
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

        async ValueTask<bool> HasMoreAsync(long after) => (await reader.TransitionsAsync(null, after, 1, cancellationToken).ConfigureAwait(false)).Transitions.Count > 0;
    }
}
