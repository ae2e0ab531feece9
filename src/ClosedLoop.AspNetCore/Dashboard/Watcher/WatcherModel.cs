using ClosedLoop.Reconciliation;
using ClosedLoop.Storage;

namespace ClosedLoop.AspNetCore.Dashboard.Watcher;

/// <summary>How the watcher itself is.</summary>
/// <param name="Sources">Every source that is polled.</param>
/// <param name="Quarantine">What was kept aside last, newest first.</param>
/// <param name="MayBeMore">Whether more was kept aside than is shown.</param>
internal sealed record WatcherModel(IReadOnlyList<SourceStatus> Sources, IReadOnlyList<QuarantineEntry> Quarantine, bool MayBeMore);
