using System.Text.Json;
using System.Text.Json.Nodes;
using ClosedLoop.Adapters.GitHub.GraphQl;
using ClosedLoop.Adapters.GitHub.Observations;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>
/// Rollup answers and how many of their checks pass, fail, wait, are cancelled and skipped, as <c>gh pr checks</c> counts them. With
/// CLOSEDLOOP_FIXTURES the answers are read from its folder gh-pr-checks; without, contexts of the same shape are built here.
/// </summary>
public sealed class CheckRollupTableTests
{
    private const string Variable = "CLOSEDLOOP_FIXTURES";

    [Theory]
    [InlineData("allPassing", "SUCCESS SUCCESS SUCCESS", 3, 0, 0, 0, 0)]
    [InlineData("someFailing", "SUCCESS FAILURE IN_PROGRESS", 1, 1, 1, 0, 0)]
    [InlineData("somePending", "SUCCESS SUCCESS IN_PROGRESS CANCELLED", 2, 0, 1, 1, 0)]
    [InlineData("someCancelled", "SUCCESS CANCELLED SUCCESS", 2, 0, 0, 1, 0)]
    [InlineData("someSkipping", "SUCCESS SKIPPED SKIPPED", 1, 0, 0, 0, 2)]
    [InlineData("withStatuses", "SUCCESS SUCCESS status:FAILURE", 2, 1, 0, 0, 0)]
    [InlineData("onlyRequired", "SUCCESS SKIPPED SKIPPED", 1, 0, 0, 0, 2)]
    [InlineData("withDescriptions", "SUCCESS SUCCESS SUCCESS", 3, 0, 0, 0, 0)]
    [InlineData("withEvents", "SUCCESS SUCCESS", 2, 0, 0, 0, 0)]
    [InlineData("withoutEvents", "SUCCESS SUCCESS", 2, 0, 0, 0, 0)]
    public void Checks_are_classified_as_gh_pr_checks_does(string answer, string contexts, int pass, int fail, int pending, int cancelled, int skipping)
    {
        var harvest = Read(Nodes(answer, contexts));
        var checks = harvest.Facts.Where(static f => f.IsPartial).ToList();
        Assert.Equal(
            (pass, fail, pending, cancelled, skipping),
            (Count(GateStatus.Passed), Count(GateStatus.Failed), Count(GateStatus.Running), Count(GateStatus.Waiting, Reason.Cancelled), Count(GateStatus.Waiting, Reason.Skipped)));
        Assert.Equal(checks.Count, pass + fail + pending + cancelled + skipping);
        Assert.Empty(harvest.Diagnostics);

        // The verdict of all of them: one failure fails, then one that runs holds up, then one that was cancelled has judged nothing.
        var expected = fail > 0 ? GateStatus.Failed : pending > 0 ? GateStatus.Running : cancelled > 0 ? GateStatus.Waiting : GateStatus.Passed;
        Assert.Equal(expected, Assert.Single(harvest.Facts, static f => f.Name == RollupFacts.Name).Status);

        int Count(GateStatus status, Reason reason = Reason.None) => checks.Count(f => f.Status == status && f.Reason == reason);
    }

    private static Harvest Read(JsonArray nodes)
    {
        // GitHub's own sum is not part of the recorded answers; this is its documented rule.
        var words = nodes.Select(static n => (string?)n!["conclusion"] is { Length: > 0 } word ? word : (string?)n["state"] ?? (string?)n["status"]).ToList();
        string state = words.Exists(static w => w is "FAILURE" or "CANCELLED") ? "FAILURE" : words.Contains("IN_PROGRESS") ? "PENDING" : "SUCCESS";
        var commit = new JsonObject
        {
            ["statusCheckRollup"] = new JsonObject
            {
                ["state"] = state,
                ["contexts"] = new JsonObject { ["totalCount"] = nodes.Count, ["pageInfo"] = new JsonObject { ["hasNextPage"] = false }, ["nodes"] = nodes },
            },
        };
        using var document = JsonDocument.Parse(commit.ToJsonString());
        var reading = new GraphQlCommit(new GraphQlSubject("acme/web", null, Payloads.Landing));
        var harvest = new Harvest();
        reading.ReadFirst(document.RootElement, harvest);
        reading.Finish(new GitHubSettings(Hook.Options()), harvest);
        return harvest;
    }

    private static JsonArray Nodes(string answer, string contexts)
    {
        string? root = Environment.GetEnvironmentVariable(Variable);
        var nodes = string.IsNullOrEmpty(root)
            ? [.. contexts.Split(' ').Select(Build)]
            : Recorded(JsonNode.Parse(File.ReadAllBytes(Path.Combine(root, "gh-pr-checks", answer + ".json")))!);
        for (int i = 0; i < nodes.Count; i++) Complete(nodes[i], i);
        return new JsonArray([.. nodes]);
    }

    private static List<JsonObject> Recorded(JsonNode answer) =>
    [
        .. answer["data"]!["node"]!["statusCheckRollup"]!["nodes"]![0]!["commit"]!["statusCheckRollup"]!["contexts"]!["nodes"]!.AsArray().Select(static n => n!.DeepClone().AsObject()),
    ];

    private static JsonObject Build(string word, int index)
    {
        if (word.StartsWith("status:", StringComparison.Ordinal)) return new JsonObject { ["state"] = word["status:".Length..], ["name"] = "a status" };
        bool runs = word == "IN_PROGRESS";
        return new JsonObject
        {
            ["conclusion"] = runs ? "" : word,
            ["status"] = runs ? word : "COMPLETED",
            ["name"] = $"check {index}",
            ["startedAt"] = Payloads.At(1),
            ["completedAt"] = Payloads.At(90),
        };
    }

    // gh asks for other fields than the adapter does: what only the adapter asks for is filled in, and nothing is changed.
    private static void Complete(JsonObject node, int index)
    {
        bool isStatus = node.ContainsKey("state");
        node["__typename"] = isStatus ? "StatusContext" : "CheckRun";
        if (isStatus)
        {
            node["context"] = (string?)node["name"];
            node["createdAt"] = Payloads.At(90);
        }
        else
        {
            node["databaseId"] = 500 + index;
        }
    }
}
