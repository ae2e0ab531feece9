using ClosedLoop.Hosting;
using ClosedLoop.Storage;

namespace ClosedLoop.AspNetCore.Dashboard.Board;

/// <summary>
/// Remembers what items can be filtered by: names change rarely, and every page of the board offers them. Safe from several threads; two readers
/// at once may both read.
/// </summary>
internal sealed class FacetMemory(ILoopQueries queries, TimeProvider time)
{
    /// <summary>How old the names may be.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(15);

    private volatile Entry? _entry;

    public async ValueTask<BoardFacets> ReadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_entry is { } known && now - known.At < Freshness && now >= known.At) return known.Facets;
        var facets = await queries.ReadFacetsAsync(cancellationToken).ConfigureAwait(false);
        _entry = new Entry(facets, now);
        return facets;
    }

    private sealed record Entry(BoardFacets Facets, DateTimeOffset At);
}
