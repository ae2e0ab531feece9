using ClosedLoop.Insights.Records;
using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Dora;

/// <summary>DORA's five metrics of one window, with the bands of one table. Null where nothing was observed.</summary>
public sealed record DoraReport
{
    /// <summary>The window's begin.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The window's end, excluded.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>The table of the bands.</summary>
    public required string Bands { get; init; }

    /// <summary>Throughput: commit to production.</summary>
    public required DurationSummary ChangeLeadTime { get; init; }

    /// <summary>Throughput: how often.</summary>
    public required DeploymentFrequency DeploymentFrequency { get; init; }

    /// <summary>Throughput, since 2024: from a deployment that failed to its recovery.</summary>
    public required DurationSummary FailedDeploymentRecoveryTime { get; init; }

    /// <summary>Instability: deployments that failed.</summary>
    public required Ratio ChangeFailRate { get; init; }

    /// <summary>Instability: deployments that were unplanned.</summary>
    public required Ratio DeploymentReworkRate { get; init; }

    /// <summary>Beside the five: how long incidents lasted, what older texts call the time to restore.</summary>
    public required DurationSummary TimeToRestore { get; init; }

    /// <summary>How many of the incidents in these figures were linked to a deployment by time only.</summary>
    public int GuessedLinks { get; init; }

    /// <summary>The band of the median change lead time.</summary>
    public DoraBand? LeadTimeBand { get; init; }

    /// <summary>The band of the deployment frequency.</summary>
    public DoraBand? FrequencyBand { get; init; }

    /// <summary>The band of the median recovery time.</summary>
    public DoraBand? RecoveryBand { get; init; }

    /// <summary>The band of the change fail rate.</summary>
    public DoraBand? ChangeFailBand { get; init; }

    /// <summary>Measures a window by when deployments finished and incidents were opened.</summary>
    public static DoraReport Measure(
        IReadOnlyCollection<DeploymentRecord> deployments, CommitGraph commits, IReadOnlyCollection<IncidentRecord> incidents, DateTimeOffset from, DateTimeOffset to, DoraBands bands, string environment = DeploymentRecord.Production)
    {
        ArgumentNullException.ThrowIfNull(bands);
        var frequency = DeploymentFrequency.Measure(deployments, from, to, environment);
        // Deployments before the window are predecessors, and causes.
        var links = IncidentLinks.Of(incidents, deployments, environment);
        var lead = Dora.ChangeLeadTime.Measure(DeployedCommits.Of(deployments, commits, environment).Where(d => d.Deployment.FinishedAt >= from && d.Deployment.FinishedAt < to));
        var recovery = DoraMetrics.FailedDeploymentRecoveryTime(links with { Links = [.. links.Links.Where(l => l.Deployment.FinishedAt >= from && l.Deployment.FinishedAt < to)] });
        var failRate = DoraMetrics.ChangeFailRate(deployments, links, from, to, environment);
        return new DoraReport
        {
            From = from,
            To = to,
            Bands = bands.Name,
            ChangeLeadTime = lead,
            DeploymentFrequency = frequency,
            FailedDeploymentRecoveryTime = recovery,
            ChangeFailRate = failRate,
            DeploymentReworkRate = DoraMetrics.DeploymentReworkRate(deployments, from, to, environment),
            TimeToRestore = DoraMetrics.TimeToRestore(incidents.Where(i => i.CreatedAt >= from && i.CreatedAt < to)),
            GuessedLinks = links.Links.Count(l => l.IsGuessed && l.Deployment.FinishedAt >= from && l.Deployment.FinishedAt < to),
            LeadTimeBand = bands.OfLeadTime(lead.P50.Value),
            FrequencyBand = bands.Of(frequency),
            RecoveryBand = bands.OfRecoveryTime(recovery.P50.Value),
            ChangeFailBand = bands.OfChangeFailRate(failRate.Value),
        };
    }
}
