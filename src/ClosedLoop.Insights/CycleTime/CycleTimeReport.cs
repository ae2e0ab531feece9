using ClosedLoop.Insights.Dora;
using ClosedLoop.Insights.Records;
using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.CycleTime;

/// <summary>The parts of the way of many pull requests. Each part has its own count: one that is not known is left out of it alone.</summary>
public sealed record CycleTimeReport
{
    /// <summary>Left out of a part: one of its ends is not known.</summary>
    public const string Unknown = "unknown";

    /// <summary>From the first commit to the opening.</summary>
    public required DurationSummary Coding { get; init; }

    /// <summary>From the opening to the first review by somebody else.</summary>
    public required DurationSummary Pickup { get; init; }

    /// <summary>From that review to the merge.</summary>
    public required DurationSummary Review { get; init; }

    /// <summary>From the opening to the merge. Censored: pull requests that are not merged.</summary>
    public required DurationSummary Open { get; init; }

    /// <summary>From the merge to production. Censored: merged and not deployed.</summary>
    public required DurationSummary Deploy { get; init; }

    /// <summary>From the first commit to production.</summary>
    public required DurationSummary Total { get; init; }

    /// <summary>Measures pull requests.</summary>
    public static CycleTimeReport Measure(IReadOnlyCollection<ChangeRecord> changes, IReadOnlyDictionary<string, DeploymentRecord> deployments)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var parts = changes.Select(c => CycleTimeParts.Of(c, deployments)).OfType<CycleTimeParts>().ToList();
        int unmerged = changes.Count - parts.Count;
        int undeployed = parts.Count(static p => p.Deploy is null);
        return new CycleTimeReport
        {
            Coding = Part(parts.Select(static p => p.Coding)),
            Pickup = Part(parts.Select(static p => p.Pickup)),
            Review = Part(parts.Select(static p => p.Review)),
            Open = Part(parts.Select(static p => (TimeSpan?)p.Open), unmerged),
            Deploy = Part(parts.Where(static p => p.Deploy is not null).Select(static p => p.Deploy), undeployed),
            Total = Part(parts.Where(static p => p.Deploy is not null).Select(static p => p.Total), unmerged + undeployed),
        };
    }

    private static DurationSummary Part(IEnumerable<TimeSpan?> spans, int censored = 0)
    {
        var values = new List<TimeSpan>();
        var excluded = new Exclusions();
        foreach (var span in spans)
        {
            if (span is not { } value) excluded.Add(Unknown);
            else if (value < TimeSpan.Zero) excluded.Add(ChangeLeadTime.Negative);
            else values.Add(value);
        }
        return Summaries.Of(values, censored, excluded.Counts);
    }
}
