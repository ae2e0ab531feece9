using ClosedLoop.Insights.Dora;
using ClosedLoop.Insights.Records;
using ClosedLoop.Insights.Tests.Support;

namespace ClosedLoop.Insights.Tests.Dora;

public sealed class DevLakeDeploymentTests
{
    [Fact]
    public void Each_deployment_has_the_predecessor_of_DevLake_s_own_table()
    {
        // cicd_deployment_commits_after.csv; cicd3 is of another project there and has no predecessor either way.
        string expected = "1: 2: 3: 4: 5:1 6:2 7: 8:7 9:5 10:6 12:4 13:3 15:";

        var found = DeployedCommits.Predecessors(DevLakeTables.PredecessorDeployments);

        Assert.Equal(expected, string.Join(' ', found.OrderBy(static p => p.Key.PadLeft(2)).Select(static p => $"{p.Key}:{p.Value?.Id}")));
    }

    /// <summary>connect_incident_to_deployment: the incidents of project1, of which cicd1 and cicd2 are the scopes.</summary>
    [Theory]
    [InlineData("2022-11-13T23:37:21Z", "pipeline7")]
    [InlineData("2022-11-13T01:07:21Z", "pipeline7")]
    [InlineData("2022-11-02T08:21:09Z", "pipeline7")]
    [InlineData("2022-11-28T01:46:47Z", "pipeline7")]
    [InlineData("2022-11-16T21:34:01Z", "pipeline7")]
    [InlineData("2022-09-15T01:56:16Z", "pipeline2")]
    public void An_incident_is_linked_to_the_deployment_of_DevLake_s_own_table(string created, string deployment)
    {
        var links = IncidentLinks.Of([new IncidentRecord("i", Utc.At(created))], DevLakeTables.PredecessorDeployments.Where(static d => d.Scope is "cicd1" or "cicd2"));

        Assert.Equal((deployment, true), (links.Links[0].Deployment.Deployment, links.Links[0].IsGuessed));
    }

    [Fact]
    public void An_incident_before_all_deployments_or_at_the_very_instant_of_the_first_is_linked_to_none()
    {
        var rows = DevLakeTables.PredecessorDeployments;

        Assert.Equal(2, IncidentLinks.Of([new IncidentRecord("i", rows[0].FinishedAt!.Value), new IncidentRecord("j", Utc.At("2020-01-01"))], rows).Unlinked);
    }

    [Fact]
    public void What_an_incident_names_stands_above_what_time_says()
    {
        var links = IncidentLinks.Of([new IncidentRecord("i", Utc.At("2022-11-13")) { Deployment = "pipeline1" }, new IncidentRecord("j", Utc.At("2022-11-13")) { IsExternal = true }], DevLakeTables.PredecessorDeployments);

        Assert.Equal(("pipeline1", false), (Assert.Single(links.Links).Deployment.Deployment, links.Links[0].IsGuessed));
        Assert.Equal(1, links.External);
    }
}
