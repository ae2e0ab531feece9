using ClosedLoop.Lines;
using ClosedLoop.Pipelines;
using ClosedLoop.Reconciliation;
using ClosedLoop.Storage;

namespace ClosedLoop.Hosting;

/// <summary>
/// Reads the record for boards, lists and reports, over all items. For one item use <see cref="IClosedLoop.GetStatusAsync"/>.
/// Safe from several threads.
/// </summary>
/// <remarks>
/// Like <see cref="IClosedLoop"/> it needs no running host: the store is prepared before the first read. Methods throw
/// <see cref="StoreUnavailableException"/> when the store cannot be read now.
/// </remarks>
public interface ILoopQueries
{
    /// <summary>The configured pipelines; the first one is the default.</summary>
    IReadOnlyList<PipelineDefinition> Pipelines { get; }

    /// <summary>Every source that is polled, by name: whether it can be reached, and how this process reads it.</summary>
    IReadOnlyList<SourceStatus> Sources { get; }

    /// <summary>Lists items as they are now, in the query's order, a page at a time.</summary>
    /// <exception cref="ArgumentException">The cursor is not one of an earlier page.</exception>
    ValueTask<StatusPage> ListAsync(ItemQuery query, CancellationToken cancellationToken = default);

    /// <summary>Counts items by pipeline and where they stand now.</summary>
    ValueTask<IReadOnlyList<BoardRow>> CountAsync(CancellationToken cancellationToken = default);

    /// <summary>Counts items by pipeline and where they stand now, those that pass all filters.</summary>
    ValueTask<IReadOnlyList<BoardRow>> CountAsync(BoardQuery query, CancellationToken cancellationToken = default);

    /// <summary>Reads which repositories, agents and priorities the open items have, for the board's filters.</summary>
    ValueTask<BoardFacets> ReadFacetsAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists the lines (branches of repositories) that sources named, the one whose head moved last first, with whether each is red or green.</summary>
    /// <param name="repository">Only those of one repository, <c>owner/name</c>; null for all.</param>
    /// <param name="limit">The most to return, 1 to 500.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    ValueTask<IReadOnlyList<LineSummary>> ListLinesAsync(string? repository = null, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>Reads a line's commits, newest first, with the evidence about each, what landed with it, what was built of it, and what runs where.</summary>
    /// <returns>The part of the line; null when no source named the branch, or when <see cref="LineQuery.Before"/> is no commit of it.</returns>
    ValueTask<LineView?> ReadLineAsync(LineQuery query, CancellationToken cancellationToken = default);

    /// <summary>Reads the transition log in the order in which it was recorded.</summary>
    ValueTask<IReadOnlyList<Transition>> ReadTransitionsAsync(TransitionQuery query, CancellationToken cancellationToken = default);

    /// <summary>Reads what was quarantined or refused, newest first.</summary>
    /// <param name="limit">The most to return, 1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    ValueTask<IReadOnlyList<QuarantineEntry>> ReadQuarantineAsync(int limit, CancellationToken cancellationToken = default);
}
