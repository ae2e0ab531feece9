using ClosedLoop.Insights.Records;

namespace ClosedLoop.Insights.Dora;

/// <summary>Rows of one deployment as one. Pure.</summary>
internal static class DistinctDeployment
{
    /// <summary>The deployments of which a row succeeded, each as its row that finished last, in the order in which they finished.</summary>
    public static List<DeploymentRecord> Of(IEnumerable<DeploymentRecord> rows, string environment)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return
        [
            .. rows.Where(r => r.IsSuccess(environment)).GroupBy(static r => r.Deployment, StringComparer.Ordinal)
                .Select(static g => g.OrderBy(static r => r.FinishedAt).ThenBy(static r => r.Id, StringComparer.Ordinal).Last() with { IsRollback = g.Any(static r => r.IsRollback), IsUnplanned = Unplanned(g) })
                .OrderBy(static r => r.FinishedAt).ThenBy(static r => r.Deployment, StringComparer.Ordinal),
        ];
    }

    public static int CountUnsuccessful(IEnumerable<DeploymentRecord> rows, string environment, DateTimeOffset from, DateTimeOffset to) =>
        rows.Where(r => string.Equals(r.Environment, environment, StringComparison.OrdinalIgnoreCase)).GroupBy(static r => r.Deployment, StringComparer.Ordinal)
            .Count(g => !g.Any(r => r.IsSuccess(environment)) && g.Any(r => (r.FinishedAt ?? r.StartedAt) is { } at && at >= from && at < to));

    private static bool? Unplanned(IEnumerable<DeploymentRecord> rows) => rows.Any(static r => r.IsUnplanned == true) ? true : rows.All(static r => r.IsUnplanned is null) ? null : false;
}
