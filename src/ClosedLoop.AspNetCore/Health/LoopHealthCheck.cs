using ClosedLoop.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClosedLoop.AspNetCore.Health;

internal sealed class LoopHealthCheck(ILoopQueries queries, TimeProvider time) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var health = await LoopHealth.ReadAsync(queries, time, cancellationToken).ConfigureAwait(false);
        if (health.Store != "reachable") return new HealthCheckResult(context.Registration.FailureStatus, "The store cannot be read.");
        var blind = health.Sources.Where(static s => !s.Reachable).Select(static s => s.Name).ToList();
        return blind.Count == 0
            ? HealthCheckResult.Healthy("The store can be read and every source was reached when last asked.")
            : HealthCheckResult.Degraded($"Blind: {string.Join(", ", blind)} cannot be reached.", data: new Dictionary<string, object>(StringComparer.Ordinal) { ["blind"] = string.Join(",", blind) });
    }
}
