using ClosedLoop.Insights.Statistics;
using ClosedLoop.Insights.Timelines;

namespace ClosedLoop.Insights.Records;

/// <summary>What <see cref="RecordReader"/> found: the inputs of metrics, and what was left out of them.</summary>
public sealed record RecordedWork
{
    /// <summary>The items that were tracked live.</summary>
    public IReadOnlyList<RecordedItem> Items { get; init; } = [];

    /// <summary>Items that a migration brought in: left out.</summary>
    public int Migrated { get; init; }

    /// <summary>Whether there are more items than were to be read.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>The changes.</summary>
    public IEnumerable<ChangeRecord> Changes => Items.Select(static i => i.Change).OfType<ChangeRecord>();

    /// <summary>The deployments that the items show: where each is rolled out now, since when, and by which commit. Rollouts that something newer has replaced for all items are not seen.</summary>
    public IReadOnlyList<DeploymentRecord> Deployments { get; init; } = [];

    /// <summary>From opened to done for the first time. Censored: what never was. Left out: migrated items, and those that were done before they were opened.</summary>
    public DurationSummary LeadTime()
    {
        var excluded = new Exclusions();
        excluded.Add("migrated", Migrated);
        var values = new List<TimeSpan>();
        foreach (var item in Items)
        {
            if (item.Timeline.DoneAt is not { } done) continue;
            if (done < item.Timeline.OpenedAt) excluded.Add("done-before-opened");
            else values.Add(item.Timeline.Turns.First(static t => t.Kind == TurnKind.Done).At - item.Timeline.OpenedAt);
        }
        return Summaries.Of(values, Items.Count(static i => i.Timeline.DoneAt is null), excluded.Counts);
    }
}
