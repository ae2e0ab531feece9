using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Migration;

/// <summary>
/// Brings older records under ClosedLoop, in the three ways of mission/002. Each flags the items that it makes
/// (<see cref="Items.ItemState.Migration"/>), so that metrics can leave them out. Their limits are never judged. Safe to repeat.
/// </summary>
public interface ILoopMigration
{
    /// <summary>
    /// Backdate: items that the older records call completed pass the gates of their pipeline's DONE definition at that time, with
    /// reason <see cref="Reason.Migrated"/>. Real merge times are lost; dashboards go on.
    /// </summary>
    /// <returns>The number of items.</returns>
    ValueTask<int> BackdateAsync(IEnumerable<MigratedItem> items, CancellationToken cancellationToken = default);

    /// <summary>
    /// Cliff: the items are known and flagged, and nothing is claimed of any gate. Completed counts seem to drop; the older ones
    /// were too high. Announce it.
    /// </summary>
    /// <returns>The number of items.</returns>
    ValueTask<int> CliffAsync(IEnumerable<MigratedItem> items, CancellationToken cancellationToken = default);

    /// <summary>
    /// Recover: facts from a clone's own history (see <c>GitBackfill</c>), each flagged as recovered.
    /// </summary>
    /// <returns>The number of facts that were new.</returns>
    ValueTask<int> RecoverAsync(IEnumerable<Fact> facts, CancellationToken cancellationToken = default);

    /// <summary>
    /// Loads a line's history, for instance a clone's, so that coverage needs no probe for it. Pages from the oldest to the newest commit
    /// are taken fastest; memory does not grow with the line.
    /// </summary>
    /// <returns>The number of commits.</returns>
    ValueTask<long> LoadHistoryAsync(IAsyncEnumerable<IReadOnlyList<CommitNode>> pages, CancellationToken cancellationToken = default);

    /// <summary>
    /// Declares where tracking begins: what landed at or before a commit is neither shipped nor stuck, and its coverage gates are not
    /// applicable with reason <see cref="Reason.Baseline"/>. Declaring it again moves it.
    /// </summary>
    /// <param name="subject">A line, <c>branch:owner/repo@name</c>, for all gates; or an environment, for the gates that look at it.</param>
    /// <param name="repository">The repository, <c>owner/name</c>.</param>
    /// <param name="commit">The commit's full id.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ArgumentException">The subject is neither a line nor an environment, or the commit's id is not whole.</exception>
    ValueTask BaselineAsync(Key subject, string repository, string commit, CancellationToken cancellationToken = default);
}
