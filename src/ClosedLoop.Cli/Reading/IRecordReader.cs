using ClosedLoop.AspNetCore.Api;

namespace ClosedLoop.Cli.Reading;

/// <summary>Reads a record, wherever it is. What it gives is what the API gives, so that nobody needs to know where it came from.</summary>
internal interface IRecordReader : IAsyncDisposable
{
    /// <summary>Finds an item; null when nothing is known of it.</summary>
    ValueTask<ItemBody?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Lists items, a page at a time.</summary>
    ValueTask<ItemPageBody> ListAsync(ItemFilter filter, string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>Counts items by pipeline and where they stand.</summary>
    ValueTask<BoardBody> BoardAsync(CancellationToken cancellationToken);

    /// <summary>Reads the transition log from a place on; of one item, or of all.</summary>
    ValueTask<TransitionPageBody> TransitionsAsync(string? itemId, long after, int limit, CancellationToken cancellationToken);

    /// <summary>The place of the transition log's last entry, of one item or of all; 0 when there is none.</summary>
    ValueTask<long> EndOfLogAsync(string? itemId, CancellationToken cancellationToken);

    /// <summary>
    /// Follows the transition log from a place on, without end; of one item, or of all. What was there comes first, a page at a time, then what is made, as it is made; nothing
    /// comes as an empty list, whenever the record was found to have no more.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<TransitionBody>> FollowAsync(string? itemId, long after, CancellationToken cancellationToken);

    /// <summary>Lists what holds items up now; null when this record cannot say.</summary>
    ValueTask<IReadOnlyList<IncidentLine>?> IncidentsAsync(CancellationToken cancellationToken);
}
