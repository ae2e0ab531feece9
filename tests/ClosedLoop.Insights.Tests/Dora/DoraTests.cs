using ClosedLoop.Insights.Dora;
using ClosedLoop.Insights.Records;
using ClosedLoop.Insights.Statistics;
using ClosedLoop.Insights.Tests.Support;

namespace ClosedLoop.Insights.Tests.Dora;

public sealed class DoraTests
{
    private static readonly DateTimeOffset From = Utc.At("2026-01-05");
    private static readonly DateTimeOffset To = From.AddDays(28);

    [Fact]
    public void Two_incidents_of_one_deployment_are_one_failure_where_Four_Keys_counts_each_row()
    {
        // One deployment of three changes with two incidents: SUM over the joined rows by COUNT(DISTINCT) is 6 to 1 there.
        DeploymentRecord[] rows = [Deployed("a", 1, "one"), Deployed("b", 1, "one"), Deployed("c", 1, "one")];
        var incidents = IncidentLinks.Of([Incident("x", 2, 3, "one"), Incident("y", 2, 4, "one")], rows);

        var rate = DoraMetrics.ChangeFailRate(rows, incidents, From, To);

        Assert.Equal((new Ratio(1, 1), 1.0), (rate, rate.Value));
    }

    [Fact]
    public void Without_deployments_there_is_no_rate_and_no_band()
    {
        var report = DoraReport.Measure([], new CommitGraph([]), [], From, To, DoraBands.V2023);

        Assert.Equal((null, null, null, null), (report.ChangeFailRate.Value, report.DeploymentReworkRate.Value, report.ChangeLeadTime.P50.Value, report.FailedDeploymentRecoveryTime.P50.Value));
        Assert.Equal((null, null, null, null), (report.LeadTimeBand, report.FrequencyBand, report.RecoveryBand, report.ChangeFailBand));
        Assert.Equal(0, report.DeploymentFrequency.Deployments);
    }

    [Fact]
    public void A_deployment_of_several_commits_counts_once_on_the_day_on_which_its_last_finished()
    {
        var frequency = DeploymentFrequency.Measure(
            [Deployed("a", 23.5, "one"), Deployed("b", 24.5, "one"), Deployed("c", 30), Deployed("d", 31) with { Succeeded = false }, Deployed("e", 32) with { Succeeded = null }, Deployed("f", 33) with { IsRollback = true }, Deployed("g", 34) with { Environment = "STAGING" }],
            From, To);

        Assert.Equal((3, 1, 2), (frequency.Deployments, frequency.Rollbacks, frequency.NotSucceeded));
        // All on one day of the four weeks: 1, 0, 0, 0.
        Assert.Equal((0, null), (frequency.MedianDaysPerWeek, frequency.MedianDaysPerMonth));
    }

    [Theory]
    [InlineData(new[] { 5, 5, 5, 5 }, DoraBand.Elite)]
    [InlineData(new[] { 7, 5, 4, 4 }, DoraBand.High)]
    [InlineData(new[] { 1, 1, 1, 0 }, DoraBand.High)]
    public void The_median_of_deployment_days_is_the_lower_one_as_in_DevLake(int[] daysOfWeeks, DoraBand band)
    {
        var rows = daysOfWeeks.SelectMany((days, week) => Enumerable.Range(0, days).Select(day => Deployed($"{week}/{day}", ((week * 7) + day) * 24)));

        Assert.Equal(band, DoraBands.V2023.Of(DeploymentFrequency.Measure(rows, From, To)));
    }

    [Fact]
    public void Recovery_is_counted_from_the_deployment_and_restoring_from_the_incident()
    {
        var deployments = new[] { Deployed("a", 1), Deployed("b", 10), Deployed("c", 20) };
        IncidentRecord[] incidents = [Incident("x", 3, 5, "a"), Incident("y", 4, 7, "a"), Incident("z", 11, null, "b"), Incident("e", 12, 13, "c") with { IsExternal = true }];
        var links = IncidentLinks.Of(incidents, deployments);

        var recovery = DoraMetrics.FailedDeploymentRecoveryTime(links);

        // One deployment recovered when its last incident ended; one has not; what came from outside is in neither.
        Assert.Equal((1, 1, 1, TimeSpan.FromHours(6)), (recovery.Count, recovery.Censored, recovery.Excluded["external"], recovery.P50.Value));
        Assert.True(recovery.P95.IsLowSample);
        var restore = DoraMetrics.TimeToRestore(incidents);
        Assert.Equal((3, 1, TimeSpan.FromHours(2)), (restore.Count, restore.Censored, restore.P50.Value));
        Assert.Equal(new Ratio(2, 3), DoraMetrics.ChangeFailRate(deployments, links, From, To));
    }

    [Fact]
    public void Rework_counts_what_somebody_said_of_and_a_rollback_speaks_for_itself()
    {
        Assert.Equal(new Ratio(2, 3), DoraMetrics.DeploymentReworkRate([Deployed("a", 1) with { IsUnplanned = false }, Deployed("b", 2) with { IsUnplanned = true }, Deployed("c", 3) with { IsRollback = true }, Deployed("d", 4)], From, To));
        Assert.Null(DoraMetrics.DeploymentReworkRate([Deployed("d", 4)], From, To).Value);
    }

    [Fact]
    public void A_commit_counts_once_by_its_first_deployment_and_never_by_the_first_of_all()
    {
        var graph = new CommitGraph([new("c0", From), new("c1", From, "c0"), new("c2", From.AddHours(1), "c1"), new("c3", From.AddHours(30), "c2"), new("c4", null, "c3")]);
        DeploymentRecord[] rows = [Deployed("a", 1) with { Commit = "c0" }, Deployed("b", 5) with { Commit = "c2" }, Deployed("c", 20) with { Commit = "c4" }, Deployed("d", 40) with { Commit = "c2", IsRollback = true }];

        var lead = ChangeLeadTime.Measure(DeployedCommits.Of(rows, graph), waiting: 3);

        Assert.Equal((2, 3, TimeSpan.FromHours(4), TimeSpan.FromHours(5)), (lead.Count, lead.Censored, lead.P50.Value, lead.Maximum));
        Assert.Equal([("commit-time-unknown", 1), ("first-deployment", 1), ("negative", 1)], lead.Excluded.Select(static e => (e.Key, e.Value)));
    }

    [Fact]
    public void Bands_are_data_and_the_limits_are_those_of_DevLake()
    {
        Assert.Equal([DoraBand.Elite, DoraBand.High, DoraBand.High, DoraBand.Medium, DoraBand.Low], new[] { 23.9, 24, 167.9, 168, 720 }.Select(static h => DoraBands.V2023.OfLeadTime(TimeSpan.FromHours(h))!.Value));
        Assert.Equal([DoraBand.Elite, DoraBand.High, DoraBand.Medium, DoraBand.Low], new[] { 0.9, 1, 168, 4320 }.Select(static h => DoraBands.V2021.OfLeadTime(TimeSpan.FromHours(h))!.Value));
        Assert.Equal([DoraBand.Elite, DoraBand.High, DoraBand.Medium, DoraBand.Low], new[] { 0.05, 0.10, 0.15, 0.151 }.Select(static r => DoraBands.V2023.OfChangeFailRate(r)!.Value));
        Assert.Equal([DoraBand.Elite, DoraBand.High, DoraBand.Medium, DoraBand.Low], new[] { 0.15, 0.20, 0.30, 0.301 }.Select(static r => DoraBands.V2021.OfChangeFailRate(r)!.Value));
        Assert.Equal([DoraBand.Elite, DoraBand.High, DoraBand.Medium, DoraBand.Low], new[] { 59, 60, 1440, 10080 }.Select(static m => DoraBands.V2023.OfRecoveryTime(TimeSpan.FromMinutes(m))!.Value));
        Assert.Null(DoraBands.V2024.OfChangeFailRate(0.1));
        Assert.Equal(DoraBand.Low, (DoraBands.V2023 with { ChangeFailRate = [(0.01, DoraBand.Elite)] }).OfChangeFailRate(0.02));
    }

    private static DeploymentRecord Deployed(string id, double hour, string? deployment = null) => new() { Id = id, Deployment = deployment ?? id, Repository = "acme/web", FinishedAt = From.AddHours(hour) };

    private static IncidentRecord Incident(string id, double hour, double? resolved, string deployment) => new(id, From.AddHours(hour), resolved is { } at ? From.AddHours(at) : null) { Deployment = deployment };
}
