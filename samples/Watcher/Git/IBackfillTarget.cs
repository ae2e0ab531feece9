using ClosedLoop.Migration;

namespace ClosedLoop.Samples.Watcher.Git;

/// <summary>Where backfilled items go. Writing the same items again must change nothing.</summary>
internal interface IBackfillTarget
{
    Task WriteAsync(IReadOnlyList<GitBackfillItem> items, CancellationToken cancellationToken);
}
