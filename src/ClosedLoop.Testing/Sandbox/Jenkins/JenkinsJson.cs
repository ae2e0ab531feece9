using System.Globalization;
using System.Text.Json.Nodes;

namespace ClosedLoop.Testing.Sandbox.Jenkins;

/// <summary>Builds in the shape of Jenkins' JSON API, as a <c>tree=</c> for them would ask.</summary>
internal static class JenkinsJson
{
    public static string BuildPath(JenkinsBuild build) => string.Create(CultureInfo.InvariantCulture, $"job/{build.Job}/{build.Number}/");

    public static JsonObject Build(JenkinsState jenkins, JenkinsBuild build)
    {
        JsonNode?[] commits = [.. build.Changes.Select(static sha => (JsonNode?)new JsonObject { ["commitId"] = sha })];
        return new JsonObject
        {
            ["_class"] = "org.jenkinsci.plugins.workflow.job.WorkflowRun",
            // Real answers have empty and null actions among the others.
            ["actions"] = new JsonArray(new JsonObject(), null, new JsonObject
            {
                ["_class"] = "hudson.plugins.git.util.BuildData",
                ["lastBuiltRevision"] = new JsonObject
                {
                    ["SHA1"] = build.Revision,
                    ["branch"] = new JsonArray(new JsonObject { ["SHA1"] = build.Revision, ["name"] = "main" }),
                },
                ["remoteUrls"] = new JsonArray($"{jenkins.GitHub}{build.Repository}.git"),
            }),
            ["building"] = build.IsBuilding,
            ["inProgress"] = build.IsBuilding,
            ["duration"] = (long)build.Duration.TotalMilliseconds,
            ["fullDisplayName"] = string.Create(CultureInfo.InvariantCulture, $"{build.Job} #{build.Number}"),
            ["number"] = build.Number,
            ["queueId"] = 1_000 + build.Number,
            ["result"] = build.Result,
            ["timestamp"] = build.StartedAt.ToUnixTimeMilliseconds(),
            ["url"] = $"{jenkins.Address}{BuildPath(build)}",
            ["changeSets"] = commits.Length == 0
                ? new JsonArray()
                : new JsonArray(new JsonObject { ["_class"] = "hudson.plugins.git.GitChangeSetList", ["items"] = new JsonArray(commits), ["kind"] = "git" }),
        };
    }
}
