using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Insights.Timelines;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;

namespace ClosedLoop.Insights.Records;

/// <summary>
/// Reads items and their logs into the inputs of metrics. It reads a log for each item, so it is for reports over some thousand items; <see cref="Flow.IFlow"/> is for pages. Safe from several threads.
/// </summary>
/// <param name="queries">The record.</param>
/// <param name="firstCommits">When work on changes began; null: that is not known.</param>
public sealed class RecordReader(ILoopQueries queries, IFirstCommits? firstCommits = null)
{
    private const int Page = 500;
    private const int LogPage = 1_000;

    /// <summary>Reads the items of a query.</summary>
    /// <param name="query">Which items; its limit and cursor are not used.</param>
    /// <param name="limit">The most items to read, 1 to 100,000. The default is 10,000.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async ValueTask<RecordedWork> ReadAsync(ItemQuery query, int limit = 10_000, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (limit is < 1 or > 100_000) throw new ArgumentOutOfRangeException(nameof(limit), limit, "Read 1 to 100,000 items; the default is 10,000.");
        var items = new List<RecordedItem>();
        int migrated = 0, read = 0;
        string? cursor = null;
        do
        {
            var page = await queries.ListAsync(query with { Limit = Page, Cursor = cursor }, cancellationToken).ConfigureAwait(false);
            foreach (var status in page.Items)
            {
                if (read++ == limit) return Work(items, migrated, isTruncated: true);
                if (status.State.Migration is not null) migrated++;
                else if (await ReadAsync(status.State, cancellationToken).ConfigureAwait(false) is { } item) items.Add(item);
            }
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return Work(items, migrated, isTruncated: false);
    }

    private async ValueTask<RecordedItem?> ReadAsync(ItemState state, CancellationToken cancellationToken)
    {
        var log = new List<Transition>();
        IReadOnlyList<Transition> page;
        do
        {
            page = await queries.ReadTransitionsAsync(new TransitionQuery { ItemId = state.Id, After = log.Count == 0 ? 0 : log[^1].Sequence, Limit = LogPage }, cancellationToken).ConfigureAwait(false);
            log.AddRange(page);
        }
        while (page.Count == LogPage);
        var pipeline = queries.Pipelines.FirstOrDefault(p => p.Name == state.Pipeline) ?? queries.Pipelines[0];
        if (ItemTimeline.Of(log, pipeline) is not { } timeline) return null;
        return new RecordedItem(state, timeline, state.Changes.Count == 0 ? null : await ChangeAsync(state, timeline, log, cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask<ChangeRecord> ChangeAsync(ItemState state, ItemTimeline timeline, List<Transition> log, CancellationToken cancellationToken)
    {
        var change = state.Changes[0];
        // Who reviewed is not in the log; that somebody did is.
        var reviews = log.Where(static t => t is { Kind: TransitionKind.Gate, Gate: Gates.Reviewed, OccurredAt: not null, To: GateStatus.Passed or GateStatus.Failed, Reason: not (Reason.Recorded or Reason.Waived or Reason.Abandoned) });
        return new ChangeRecord
        {
            Id = change.Change.ToString(),
            CreatedAt = timeline.PullRequestOpenedAt ?? timeline.OpenedAt,
            MergedAt = timeline.MergedAt,
            MergeCommit = change.Landings.Count == 0 ? null : Sha(change.Landings[0]),
            FirstCommitAt = firstCommits is null ? null : await firstCommits.FirstCommitAtAsync(change.Change, cancellationToken).ConfigureAwait(false),
            Comments = [.. reviews.Select(static t => new ReviewComment(t.OccurredAt!.Value, null))],
        };
    }

    private static RecordedWork Work(List<RecordedItem> items, int migrated, bool isTruncated)
    {
        var deployments = items.Select(static i => (i.State.Repository, Gate: i.State.Gate(Gates.RolledOut))).Where(static i => i.Gate is { Status: GateStatus.Passed, Since: not null, Coverage: not null })
            .Select(static i => new DeploymentRecord
            {
                Id = $"{i.Gate!.Subject}/{i.Gate.Since:O}",
                Repository = i.Repository ?? "",
                Commit = Sha(i.Gate.Coverage!.Commit),
                FinishedAt = i.Gate.Since,
            });
        return new RecordedWork { Items = items, Migrated = migrated, IsTruncated = isTruncated, Deployments = [.. deployments.DistinctBy(static d => d.Id).OrderBy(static d => d.FinishedAt).ThenBy(static d => d.Id, StringComparer.Ordinal)] };
    }

    private static string Sha(Key commit) => commit.Value[(commit.Value.LastIndexOf('@') + 1)..];
}
