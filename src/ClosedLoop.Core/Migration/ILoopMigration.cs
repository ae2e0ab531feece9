using ClosedLoop.Facts;

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
}
