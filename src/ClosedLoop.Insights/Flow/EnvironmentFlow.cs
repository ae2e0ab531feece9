using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Flow;

/// <summary>Deployments to one environment, as the gates <c>rolled-out</c> and <c>healthy</c> saw them, of the last 13 weeks.</summary>
public sealed record EnvironmentFlow
{
    /// <summary>The environment, with its target where there are several: <c>production/eu</c>.</summary>
    public required string Environment { get; init; }

    /// <summary>The days of the last 13 weeks on which anything happened, oldest first.</summary>
    public IReadOnlyList<DeploymentDay> Days { get; init; } = [];

    /// <summary>Deployments in the last 13 weeks.</summary>
    public int Deployments { get; init; }

    /// <summary>Days with a deployment in a week, the median over the full weeks (the lower one of two in the middle); null without a full week.</summary>
    public int? MedianDeploymentDaysPerWeek { get; init; }

    /// <summary>Deployments that failed (a failed check, a rollback, a version marked bad) out of all. A rollout that never finished is no deployment.</summary>
    public Ratio ChangeFailRate { get; init; }

    /// <summary>From a deployment that failed to the environment being good again. Censored: those that are not recovered.</summary>
    public DurationSummary RecoveryTime { get; init; } = DurationSummary.None;

    /// <summary>Since when the oldest failure that is not recovered stands; null when there is none.</summary>
    public DateTimeOffset? FailingSince { get; init; }
}
