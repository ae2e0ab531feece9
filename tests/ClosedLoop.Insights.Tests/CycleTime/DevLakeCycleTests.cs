using ClosedLoop.Insights.CycleTime;
using ClosedLoop.Insights.Dora;
using ClosedLoop.Insights.Records;
using ClosedLoop.Insights.Tests.Support;

namespace ClosedLoop.Insights.Tests.CycleTime;

public sealed class DevLakeCycleTests
{
    // DevLake sees only the scopes of its project: cicd1 here.
    private static readonly IReadOnlyDictionary<string, DeploymentRecord> Deployments =
        DeployedCommits.FirstOf(DeployedCommits.Of(DevLakeTables.LeadTimeDeployments.Where(static d => d.Scope == "cicd1"), DevLakeTables.LeadTimeCommits));

    /// <summary>project_pr_metrics.csv, row by row: coding, pickup, review, deploy, cycle, deployment.</summary>
    [Theory]
    [InlineData("pr0", 1440, null, null, null, 44640, null)]
    [InlineData("pr1", 1440, 5, 55, 2978, 4478, "5")]
    [InlineData("pr2", null, 1, 60, 1538, 1598, "5")]
    [InlineData("pr3", 5883, null, 5760, null, 10203, "6")]
    [InlineData("pr4", 11704, 1500, null, null, 11764, null)]
    [InlineData("pr5", 13144, null, 313068, null, 13204, null)]
    public void The_parts_are_those_of_DevLake_s_own_table(string id, int? coding, int? pickup, int? review, int? deploy, int cycle, string? deployment)
    {
        var change = DevLakeTables.PullRequests.Single(c => c.Id == id);

        Assert.Equal(new DevLakeCycle(coding, pickup, review, deploy, cycle), DevLakeCycle.Of(change, Deployments));
        Assert.Equal(deployment, Deployments.GetValueOrDefault(change.MergeCommit!)?.Id);
    }

    [Fact]
    public void What_is_not_merged_has_none() => Assert.Null(DevLakeCycle.Of(DevLakeTables.PullRequests[6], Deployments));

    [Theory]
    [InlineData(-30, 0L)]
    [InlineData(-60, null)]
    [InlineData(-90, null)]
    [InlineData(0, 0L)]
    [InlineData(2, 1L)]
    [InlineData(60, 1L)]
    [InlineData(61, 2L)]
    public void A_span_is_rounded_up_before_it_is_found_to_be_negative(int seconds, long? minutes)
    {
        var created = Utc.At("2026-01-05T09:00:00Z");
        var change = new ChangeRecord { Id = "x", CreatedAt = created, MergedAt = created, FirstCommitAt = created.AddSeconds(-seconds) };

        Assert.Equal(minutes, DevLakeCycle.Of(change, Deployments)!.CodingMinutes);
    }

    [Fact]
    public void The_exact_parts_leave_out_what_is_negative_and_say_so()
    {
        var report = CycleTimeReport.Measure(DevLakeTables.PullRequests.ToList(), Deployments);

        Assert.Equal((5, 1), (report.Coding.Count, report.Coding.Excluded["negative"]));
        Assert.Equal((3, 2, 1), (report.Pickup.Count, report.Pickup.Excluded["negative"], report.Pickup.Excluded["unknown"]));
        Assert.Equal((6, 1), (report.Open.Count, report.Open.Censored));
        Assert.Equal((2, 1, 3), (report.Deploy.Count, report.Deploy.Excluded["negative"], report.Deploy.Censored));
        Assert.Equal(TimeSpan.FromSeconds(2), report.Pickup.Minimum);
    }
}
