using System.Globalization;
using ClosedLoop.Insights.Ci;
using ClosedLoop.Insights.Cost;
using ClosedLoop.Insights.CycleTime;
using ClosedLoop.Insights.Dora;
using ClosedLoop.Insights.Flow;
using ClosedLoop.Insights.Outcomes;
using ClosedLoop.Insights.Review;
using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Export;

/// <summary>Every report as rows. Pure.</summary>
public static class MetricRows
{
    /// <summary>A summary of durations.</summary>
    public static IEnumerable<MetricRow> Of(string metric, DurationSummary summary, string scope = "", string period = "")
    {
        ArgumentNullException.ThrowIfNull(summary);
        foreach (var (name, percentile) in new[] { ("p50", summary.P50), ("p85", summary.P85), ("p95", summary.P95), ("p99", summary.P99) })
            yield return Row(name, Seconds(percentile.Value)) with { IsLowSample = percentile.IsLowSample };
        yield return Row("max", Seconds(summary.Maximum));

        MetricRow Row(string statistic, decimal? value) => new(metric, statistic, value, "s")
        {
            Scope = scope, Period = period, Count = summary.Count, Censored = summary.Censored, Excluded = summary.Excluded.Values.Sum(),
        };
    }

    /// <summary>A share.</summary>
    public static MetricRow Of(string metric, Ratio ratio, string scope = "", string period = "") =>
        new(metric, "share", (decimal?)ratio.Value, "share") { Scope = scope, Period = period, Count = ratio.Whole, IsLowSample = ratio.IsLowSample };

    /// <summary>The flow report: weeks, gates, deployments.</summary>
    public static IEnumerable<MetricRow> Of(FlowReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Pipelines.SelectMany(Of).Concat(report.Environments.SelectMany(Of));
    }

    /// <summary>DORA's five and the time to restore.</summary>
    public static IEnumerable<MetricRow> Of(DoraReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        string period = Interval(report.From, report.To);
        foreach (var row in Of("change-lead-time", report.ChangeLeadTime, "", period)) yield return row;
        var frequency = report.DeploymentFrequency;
        yield return new MetricRow("deployment-frequency", "per-day", (decimal?)frequency.PerDay, "1/d") { Period = period, Count = frequency.Deployments, Excluded = frequency.NotSucceeded };
        yield return new MetricRow("deployment-frequency", "median-days-per-week", frequency.MedianDaysPerWeek, "d") { Period = period, Count = frequency.Deployments };
        foreach (var row in Of("failed-deployment-recovery-time", report.FailedDeploymentRecoveryTime, "", period)) yield return row;
        yield return Of("change-fail-rate", report.ChangeFailRate, "", period);
        yield return Of("deployment-rework-rate", report.DeploymentReworkRate, "", period);
        foreach (var row in Of("time-to-restore", report.TimeToRestore, "", period)) yield return row;
    }

    /// <summary>The parts of the cycle time.</summary>
    public static IEnumerable<MetricRow> Of(CycleTimeReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        (string, DurationSummary)[] parts = [("coding", report.Coding), ("pickup", report.Pickup), ("review", report.Review), ("open", report.Open), ("deploy", report.Deploy), ("total", report.Total)];
        return parts.SelectMany(static p => Of("cycle-time", p.Item2, p.Item1));
    }

    /// <summary>Iterations to success.</summary>
    public static IEnumerable<MetricRow> Of(IterationsToSuccess report)
    {
        ArgumentNullException.ThrowIfNull(report);
        string scope = report.Scope.ToString().ToLowerInvariant();
        yield return new MetricRow("iterations-to-success", "mean", (decimal?)report.Mean, "iterations") { Scope = scope, Count = report.ByChange.Count, Censored = report.NeverGreen.Count, Excluded = report.WithoutEvidence };
        yield return new MetricRow("iterations-to-success", "p50-lower", report.Median, "iterations") { Scope = scope, Count = report.ByChange.Count, Censored = report.NeverGreen.Count, Excluded = report.WithoutEvidence };
        foreach (var (change, iterations) in report.ByChange) yield return new MetricRow("iterations-to-success", "iterations", iterations, "iterations") { Scope = change };
    }

    /// <summary>CI rounds.</summary>
    public static IEnumerable<MetricRow> Of(CiRounds report)
    {
        ArgumentNullException.ThrowIfNull(report);
        yield return Of("ci-rounds-adherence", report.Adherence) with { Censored = report.Censored, Excluded = report.WithoutEvidence };
        foreach (var (change, rounds) in report.ByChange) yield return new MetricRow("ci-rounds", "rounds", rounds, "rounds") { Scope = change };
    }

    /// <summary>The reliability of tests.</summary>
    public static IEnumerable<MetricRow> Of(TestOracle report)
    {
        ArgumentNullException.ThrowIfNull(report);
        yield return Of("tors", report.Score);
        yield return Of("tors-coverage", report.Coverage);
        foreach (var (module, of) in report.ByModule) yield return Of("tors", of.Score, module);
    }

    /// <summary>Automatic approvals.</summary>
    public static IEnumerable<MetricRow> Of(AutoApproval report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return [Of("auto-approve-rate", report.Rate), Of("green-share", report.GreenShare) with { Excluded = report.Unclassified }, new("auto-approved-reverted", "count", report.Reverted, "changes") { Count = report.Rate.Part }];
    }

    /// <summary>Cost per iteration.</summary>
    public static IEnumerable<MetricRow> Of(CostPerIteration report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return
        [
            new("cost-per-iteration", "core", report.CpiCore, report.Currency) { Count = report.Iterations, Excluded = report.OtherCurrencies },
            new("cost-per-iteration", "full", report.CpiFull, report.Currency) { Count = report.Iterations, Excluded = report.OtherCurrencies },
            .. report.ByKind.OrderBy(static k => k.Key).Select(k => new MetricRow("cost", "sum", k.Value, report.Currency) { Scope = k.Key.ToString() }),
        ];
    }

    /// <summary>Cost per feature.</summary>
    public static IEnumerable<MetricRow> Of(CostPerFeature report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return
        [
            new("cost-per-feature", "mean", report.Mean, report.Currency) { Count = report.Delivered.Count, Censored = report.Features.Count - report.Delivered.Count, Excluded = report.OtherCurrencies },
            new("cost-per-feature", "work-in-progress", report.WorkInProgress, report.Currency),
            new("cost-per-feature", "unattributed", report.Unattributed, report.Currency),
            .. report.Features.Select(f => new MetricRow("cost-per-feature", f.IsEstimated ? "estimate" : "sum", f.Amount, report.Currency) { Scope = f.Feature, Period = f.Quarter ?? "", Count = f.Changes }),
        ];
    }

    /// <summary>Features by week.</summary>
    public static IEnumerable<MetricRow> Of(FeaturesPerWeek report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Weeks.Select(w => new MetricRow("features-per-week", "count", w.Value, "features") { Period = w.Key.ToString(), Censored = report.Pending, Excluded = report.RolledBack });
    }

    /// <summary>Loop efficiency and the hands-free share.</summary>
    public static IEnumerable<MetricRow> Of(LoopEfficiency report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return
        [
            new("loop-efficiency", "share", (decimal?)report.Value, "share") { Count = report.Changes, IsLowSample = report.Changes < Ratio.EnoughToGoBy, Censored = report.Censored, Excluded = report.Excluded.Values.Sum() },
            Of("hands-free-share", report.HandsFreeShare),
        ];
    }

    /// <summary>The vanity check.</summary>
    public static IEnumerable<MetricRow> Of(VanityCheck report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return
        [
            new("vanity", "merge-slope", (decimal?)report.MergeSlope, "1/week") { Count = report.Weeks },
            new("vanity", "feature-slope", (decimal?)report.FeatureSlope, "1/week") { Count = report.Weeks },
            new("vanity", "flagged", report.IsFlagged is { } flagged ? flagged ? 1 : 0 : null, "flag") { Count = report.Weeks },
        ];
    }

    private static IEnumerable<MetricRow> Of(PipelineFlow flow)
    {
        foreach (var week in flow.Weeks)
        {
            (string, int)[] counts =
            [
                ("opened", week.Opened), ("declared", week.Declared), ("merged", week.Merged), ("done", week.Done), ("still-done", week.StillDone), ("done-again", week.DoneAgain), ("reopened", week.Reopened),
                ("abandoned", week.Abandoned), ("resumed", week.Resumed), ("work-in-progress", week.WorkInProgress),
            ];
            foreach (var (name, count) in counts) yield return new MetricRow("flow", name, count, "items") { Scope = flow.Pipeline, Period = week.Week.ToString() };
            foreach (var row in Of("lead-time", week.LeadTime, flow.Pipeline, week.Week.ToString())) yield return row;
        }
        foreach (var row in Of("lead-time", flow.LeadTime, flow.Pipeline)) yield return row;
        yield return new MetricRow("flow", "work-in-progress", flow.WorkInProgress, "items") { Scope = flow.Pipeline };
        yield return new MetricRow("flow", "merged-not-done", flow.MergedNotDone, "items") { Scope = flow.Pipeline };
        yield return new MetricRow("flow", "migrated", flow.Migrated, "items") { Scope = flow.Pipeline };
        foreach (var row in Of("merged-not-done-age", flow.MergedNotDoneAge, flow.Pipeline)) yield return row;
        yield return new MetricRow("throughput", "sustained-merges", flow.Throughput.Sustained, "1/week") { Scope = flow.Pipeline, Count = flow.Throughput.FullWeeks };
        yield return new MetricRow("throughput", "sustained-done", flow.Throughput.SustainedDone, "1/week") { Scope = flow.Pipeline, Count = flow.Throughput.FullWeeks };
        foreach (var gate in flow.Gates)
        {
            string scope = $"{flow.Pipeline}/{gate.Gate}";
            yield return new MetricRow("gate-waiting", "count", gate.Waiting, "items") { Scope = scope };
            foreach (var row in Of("gate-age", gate.Age, scope).Concat(Of("gate-time", gate.Time, scope))) yield return row;
        }
    }

    private static IEnumerable<MetricRow> Of(EnvironmentFlow environment)
    {
        foreach (var day in environment.Days)
        {
            string period = day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            yield return new MetricRow("deployments", "count", day.Deployments, "deployments") { Scope = environment.Environment, Period = period };
            yield return new MetricRow("deployments", "failed", day.Failures, "deployments") { Scope = environment.Environment, Period = period };
            yield return new MetricRow("deployments", "recovered", day.Recoveries, "deployments") { Scope = environment.Environment, Period = period };
        }
        yield return Of("change-fail-rate", environment.ChangeFailRate, environment.Environment);
        foreach (var row in Of("failed-deployment-recovery-time", environment.RecoveryTime, environment.Environment)) yield return row;
    }

    private static decimal? Seconds(TimeSpan? span) => span is { } value ? value.Ticks / (decimal)TimeSpan.TicksPerSecond : null;

    private static string Interval(DateTimeOffset from, DateTimeOffset to) => $"{Iso8601.Instant(from)}/{Iso8601.Instant(to)}";
}
