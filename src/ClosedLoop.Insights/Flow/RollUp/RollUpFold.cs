using ClosedLoop.Hosting;
using ClosedLoop.Insights.Statistics;
using ClosedLoop.Insights.Timelines;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;

namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>Takes a page of the log into the roll-up. Not safe for use by several threads.</summary>
internal sealed class RollUpFold(ILoopStore store, PipelineCatalog pipelines)
{
    private readonly ItemLogs _logs = new(store);

    /// <summary>Forgets what was read; the roll-up may stand at another place now.</summary>
    public void Clear() => _logs.Clear();

    /// <param name="state">The roll-up, up to <paramref name="through"/>.</param>
    /// <param name="page">What follows in the log.</param>
    /// <param name="through">The place in the log before the page.</param>
    /// <param name="oldest">The oldest week of which durations are kept.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async ValueTask TakeAsync(RollUpState state, IReadOnlyList<Transition> page, long through, IsoWeek oldest, CancellationToken cancellationToken)
    {
        var byItem = page.GroupBy(static t => t.ItemId, StringComparer.Ordinal).ToList();
        var records = (await store.FindItemsAsync([.. byItem.Select(static g => g.Key)], cancellationToken).ConfigureAwait(false)).ToDictionary(static r => r.State.Id, static r => r.State, StringComparer.Ordinal);
        foreach (var changes in byItem)
        {
            var log = await _logs.FindAsync(changes.Key, through, changes.First(), cancellationToken).ConfigureAwait(false);
            var item = records.GetValueOrDefault(changes.Key);
            // A stand-in for a change that gave way is found no more; stand-ins go through the default pipeline.
            var pipeline = (item is null ? log.Pipeline is { } was ? pipelines.Find(was) : null : pipelines.Find(item.Pipeline)) ?? pipelines.Default;
            bool isMigrated = item is null ? log.IsMigrated : item.Migration is not null;
            var ledger = new Ledger { Sign = -1 };
            Write(ledger, log, log.Pipeline is { } before ? pipelines.Find(before) ?? pipeline : pipeline, log.Pipeline is null ? isMigrated : log.IsMigrated);
            foreach (var change in changes)
            {
                log.Add(change);
                state.Mark(pipeline.Name, change, isMigrated);
            }
            (log.Pipeline, log.IsMigrated) = (pipeline.Name, isMigrated);
            ledger.Sign = 1;
            Write(ledger, log, pipeline, isMigrated);
            state.Apply(ledger, oldest);
            foreach (var (environment, seen) in DeploymentSightings.Of(log.Changes)) state.See(environment, seen, oldest);
        }
    }

    private static void Write(Ledger ledger, ItemLog log, PipelineDefinition pipeline, bool isMigrated)
    {
        if (log.Changes.Count == 0 || ItemTimeline.Of(log.Changes, pipeline) is not { } timeline) return;
        ledger.Pipeline = pipeline.Name;
        if (isMigrated) ledger.Count(log.Changes[0].RecordedAt, CountKind.Migrated);
        else Contribution.Write(timeline, ledger);
    }
}
