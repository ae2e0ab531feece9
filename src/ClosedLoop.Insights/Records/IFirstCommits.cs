using ClosedLoop.Facts;

namespace ClosedLoop.Insights.Records;

/// <summary>Knows when work on changes began, which the record of gates does not: a clone, or the source host.</summary>
public interface IFirstCommits
{
    /// <summary>When the earliest commit of a change was authored; null when that is not known.</summary>
    /// <param name="change">The change: <c>pr:…</c> or <c>commit:…</c>.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    ValueTask<DateTimeOffset?> FirstCommitAtAsync(Key change, CancellationToken cancellationToken);
}
