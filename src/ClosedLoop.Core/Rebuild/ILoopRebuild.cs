namespace ClosedLoop.Rebuild;

/// <summary>
/// Computes the record again from what it is made of: facts and the lines' history. States, coverage and the looks that are due follow from
/// those, so a rebuild of a sound record changes nothing, byte for byte (guarantee G9). Safe from any thread.
/// </summary>
public interface ILoopRebuild
{
    /// <summary>
    /// Rebuilds the whole record in place. Deliveries wait meanwhile, and beyond the queue's capacity are answered busy. The transition log
    /// stays as it is: what the record said at the time is history; an item whose state comes out differently gets a transition now.
    /// </summary>
    /// <remarks>
    /// Stop all other nodes first: what they fold meanwhile may lack coverage. A rebuild that was cut off is begun again at the next start,
    /// before anything else. The time is that of folding every fact and every item once.
    /// </remarks>
    /// <exception cref="Storage.StoreUnavailableException">Another node writes to the same store, or it cannot be read or written now; call again.</exception>
    ValueTask<RebuildReport> RebuildAsync(CancellationToken cancellationToken = default);
}
