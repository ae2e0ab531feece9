using ClosedLoop.Storage;

namespace ClosedLoop.Insights.Flow;

/// <summary>
/// How work flows through the gates: throughput by week, honest and as declared, work in progress and its age, times in gates, and deployments. Safe from
/// several threads.
/// </summary>
/// <remarks>
/// It reads a roll-up that follows the transition log a few seconds behind (<see cref="InsightsOptions.RollUpInterval"/>), so it costs the same with a thousand
/// completed items as with millions. Without a running host the roll-up does not move; what the report says is then as of <see cref="FlowReport.AsOf"/>.
/// </remarks>
public interface IFlow
{
    /// <summary>Reads the report as it is now.</summary>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<FlowReport> ReportAsync(CancellationToken cancellationToken = default);
}
