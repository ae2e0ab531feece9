using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>What a file says, offline: the same facts as over the wire, counts of checks, and a reason for everything else.</summary>
public sealed class ExplainTests
{
    private const string Variable = "CLOSEDLOOP_FIXTURES";

    public static TheoryData<string, JsonObject> Deliveries() => new()
    {
        { "pull_request", Payloads.Merged(30) },
        { "pull_request_review", Payloads.Review("submitted", "approved", 20) },
        { "check_run", Payloads.CheckRun("completed", "success", 40, 50) },
        { "status", Payloads.Status("failure", 50) },
        { "workflow_run", Payloads.WorkflowRun("completed", "success", 50) },
        { "push", Payloads.Push(Payloads.Landing, 30, commits: ("Fix login\n\nWork-Item: BL-42", true)) },
        { "deployment", Payloads.Deployment() },
        { "deployment_status", Payloads.DeploymentStatus("success", 70) },
    };

    [Theory]
    [MemberData(nameof(Deliveries))]
    public void A_delivery_is_explained_as_it_is_translated_with_and_without_its_name(string name, JsonObject payload)
    {
        var expected = Hook.Translate(name, payload).Facts;
        Assert.NotEmpty(expected);
        foreach (string? given in (string?[])[name, name + ".whatever", null])
            Assert.Equal(expected.ToArray(), Explain(payload, given).Facts.ToArray());
    }

    [Fact]
    public void An_object_of_the_API_says_what_its_delivery_says()
    {
        var pull = Payloads.Merged(30);
        Assert.Equal(Hook.Translate("pull_request", pull).Facts.ToArray(), Explain(pull["pull_request"]!, null).Facts.ToArray());
        var run = Payloads.WorkflowRun("completed", "failure", 50);
        var polled = run["workflow_run"]!.DeepClone().AsObject();
        polled["repository"] = new JsonObject { ["full_name"] = "acme/web" };
        polled["workflow_id"] = 5;
        var list = Explain(new JsonObject { ["total_count"] = 2, ["workflow_runs"] = new JsonArray(polled.DeepClone(), polled) }, null);
        Assert.Equal("failed", list.Verdict);
        Assert.Equal(2, list.Facts.Length);
        Assert.All(list.Facts, f => Assert.Equal(Hook.Translate("workflow_run", run).Facts.Single().Ordinal, f.Ordinal));

        var review = Payloads.Review("submitted", "approved", 20);
        var read = review["review"]!.DeepClone().AsObject();
        read["state"] = "APPROVED";
        read["pull_request_url"] = "https://api.github.com/repos/acme/web/pulls/12";
        Assert.Equal(Hook.Translate("pull_request_review", review).Facts.ToArray(), Explain(new JsonArray(read), null).Facts.ToArray());

        var status = Payloads.Status("success", 50);
        status.Remove("repository");
        status.Remove("sha");
        status["url"] = $"https://api.github.com/repos/acme/web/statuses/{Payloads.Landing}";
        Assert.Equal(Hook.Translate("status", Payloads.Status("success", 50)).Facts.ToArray(), Explain(status, null).Facts.ToArray());
    }

    [Fact]
    public async Task An_answer_of_GraphQL_says_what_the_probe_says()
    {
        using var github = new FakeGitHub().Add(Payloads.Merged(30));
        github.Checks("SUCCESS", Payloads.CheckRun("completed", "success", 40, 50));
        var probed = await github.ReadAsync(Key.PullRequest("acme/web", 12), Key.Commit("acme/web", Payloads.Landing));
        var node = github.Repository("acme/web");
        var answer = new JsonObject
        {
            ["data"] = new JsonObject
            {
                ["any"] = new JsonObject { ["nameWithOwner"] = "acme/web", ["one"] = node["pulls"]!["12"]!.DeepClone(), ["two"] = node["commits"]![Payloads.Landing]!.DeepClone() },
            },
        };
        var explained = Explain(answer, null);
        Assert.Equal(probed.Facts.OrderBy(static f => f.ToString(), StringComparer.Ordinal), explained.Facts.OrderBy(static f => f.ToString(), StringComparer.Ordinal));
        Assert.Equal("passed", explained.Verdict);
        Assert.Contains("limited", Assert.Single(Explain(JsonNode.Parse("""{"data":null,"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}""")!, null).Diagnostics), StringComparison.Ordinal);
    }

    // The counts of gh's own tests; with CLOSEDLOOP_FIXTURES its recorded answers are read.
    [Theory]
    [InlineData("allPassing", "SUCCESS SUCCESS SUCCESS", 3, 0, 0, 0, 0, "passed")]
    [InlineData("someFailing", "SUCCESS FAILURE IN_PROGRESS", 1, 1, 1, 0, 0, "failed")]
    [InlineData("somePending", "SUCCESS SUCCESS IN_PROGRESS CANCELLED", 2, 0, 1, 1, 0, "running")]
    [InlineData("someCancelled", "SUCCESS CANCELLED SUCCESS", 2, 0, 0, 1, 0, "none")]
    [InlineData("someSkipping", "SUCCESS SKIPPED SKIPPED", 1, 0, 0, 0, 2, "passed")]
    [InlineData("withStatuses", "SUCCESS SUCCESS status:FAILURE", 2, 1, 0, 0, 0, "failed")]
    [InlineData("withDescriptions", "SUCCESS SUCCESS SUCCESS", 3, 0, 0, 0, 0, "passed")]
    [InlineData("withEvents", "SUCCESS=tests/pull_request SUCCESS=tests/push", 2, 0, 0, 0, 0, "passed")]
    [InlineData("withoutEvents", "SUCCESS=tests/ SUCCESS=tests/", 1, 0, 0, 0, 0, "passed")]
    [InlineData("onlyRequired", "SUCCESS! SKIPPED SKIPPED", 1, 0, 0, 0, 2, "passed")]
    [InlineData(null, "", 0, 0, 0, 0, 0, "none")]
    [InlineData(null, "SKIPPED NEUTRAL", 0, 0, 0, 0, 2, "none")]
    [InlineData(null, "SUCCESS STARTUP_FAILURE STALE TIMED_OUT ACTION_REQUIRED", 1, 4, 0, 0, 0, "failed")]
    [InlineData(null, "SUCCESS status:EXPECTED", 1, 0, 1, 0, 0, "running")]
    [InlineData(null, "SUCCESS WAITING", 1, 0, 1, 0, 0, "running")]
    [InlineData(null, "SUCCESS HALF_PASSED", 1, 0, 1, 0, 0, "running")]
    [InlineData(null, "SUCCESS DREAMING...", 1, 0, 1, 0, 0, "running")]
    public void A_rollup_is_counted_as_gh_counts_it(string? recorded, string built, long pass, long fail, long pending, long cancelled, long skipped, string verdict)
    {
        string? root = Environment.GetEnvironmentVariable(Variable);
        byte[] file = recorded is null || string.IsNullOrEmpty(root) ? Encoding.UTF8.GetBytes(Answer(built).ToJsonString()) : File.ReadAllBytes(Path.Combine(root, "gh-pr-checks", recorded + ".json"));
        var explained = GitHubAdapter.Explain(file, "rollup");
        Assert.Equal((pass, fail, pending, cancelled, skipped), Counts(explained));
        Assert.Equal(verdict, explained.Verdict);
        if (verdict == "none") Assert.NotEmpty(explained.Ignored);
    }

    [Fact]
    public void Only_required_checks_count_where_only_they_are_asked_for()
    {
        var answer = Encoding.UTF8.GetBytes(Answer("SUCCESS! FAILURE CANCELLED").ToJsonString());
        Assert.Equal((1, 0, 0, 0, 0), Counts(GitHubAdapter.Explain(answer, "rollup-required")));
        Assert.Equal("passed", GitHubAdapter.Explain(answer, "rollup-required").Verdict);
        Assert.Equal("failed", GitHubAdapter.Explain(answer, "rollup").Verdict);
        var none = GitHubAdapter.Explain(Encoding.UTF8.GetBytes(Answer("SUCCESS SUCCESS").ToJsonString()), "rollup-required");
        Assert.Equal("none", none.Verdict);
        Assert.Contains("no required check", Assert.Single(none.Ignored), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_an_answer_passes_nothing()
    {
        var answer = Answer("SUCCESS SUCCESS");
        Assert.Equal("passed", Explain(answer, "rollup").Verdict);
        var contexts = answer["data"]!["node"]!["statusCheckRollup"]!["nodes"]![0]!["commit"]!["statusCheckRollup"]!["contexts"]!;
        contexts["pageInfo"] = new JsonObject { ["hasNextPage"] = true };
        Assert.Equal("none", Explain(answer, "rollup").Verdict);
        contexts["pageInfo"] = null;
        contexts["nodes"]!.AsArray().Add(new JsonObject { ["name"] = "of unknown state" });
        Assert.Equal("none", Explain(answer, "rollup").Verdict);
        contexts["nodes"]!.AsArray().RemoveAt(2);
        answer["errors"] = new JsonArray(new JsonObject { ["message"] = "Something went wrong" });
        Assert.Equal("none", Explain(answer, "rollup").Verdict);
    }

    [Fact]
    public void Lists_of_REST_are_rollups_too()
    {
        var runs = new JsonObject { ["total_count"] = 2, ["check_runs"] = new JsonArray(Payloads.CheckRun("completed", "success", 40, 50)["check_run"]!.DeepClone(), Payloads.CheckRun("queued", null, 40, id: 502, name: "e2e")["check_run"]!.DeepClone()) };
        Assert.Equal((1, 0, 1, 0, 0), Counts(Explain(runs, null)));
        // GitHub calls a commit without statuses pending.
        Assert.Equal("none", Explain(new JsonObject { ["state"] = "pending", ["total_count"] = 0, ["statuses"] = new JsonArray() }, null).Verdict);
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("{\"a\":", "JSON")]
    [InlineData("[]", "empty list")]
    [InlineData("17", "not a JSON object")]
    [InlineData("{}", "X-GitHub-Event")]
    [InlineData("{\"zen\":\"Keep it logically awesome.\",\"hook_id\":1}", "set up")]
    [InlineData("{\"action\":\"opened\",\"issue\":{},\"repository\":{\"full_name\":\"acme/web\"}}", "X-GitHub-Event")]
    public void What_says_nothing_has_a_reason(string file, string reason)
    {
        var explained = GitHubAdapter.Explain(Encoding.UTF8.GetBytes(file), null);
        Assert.Equal("none", explained.Verdict);
        Assert.Empty(explained.Facts);
        Assert.Contains(reason, Assert.Single(explained.Ignored), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_throws_and_no_garbage_passes()
    {
        var random = new Random(20_261_121);
        (string? Name, byte[] Body)[] seeds =
        [
            .. Deliveries().Select(static row => ((string?)(string)row[0], Encoding.UTF8.GetBytes(((JsonObject)row[1]).ToJsonString()))),
            ("rollup", Encoding.UTF8.GetBytes(Answer("SUCCESS! FAILURE CANCELLED IN_PROGRESS status:SUCCESS").ToJsonString())),
            ("rollup-required", Encoding.UTF8.GetBytes(Answer("SUCCESS! FAILURE").ToJsonString())),
            (null, Encoding.UTF8.GetBytes(Payloads.Merged(30)["pull_request"]!.ToJsonString())),
            ("merge_group", Encoding.UTF8.GetBytes(Payloads.MergeGroup("destroyed", "merged").ToJsonString())),
            ("pull_request", Encoding.UTF8.GetBytes(Payloads.Dequeued("CI_FAILURE").ToJsonString())),
        ];
        for (int i = 0; i < 4_000; i++)
        {
            var (name, body) = seeds[random.Next(seeds.Length)];
            byte[] mutated = i % 2 == 0 ? Mutation.Bytes(body, random) : Mutation.Values(body, random);
            var explained = GitHubAdapter.Explain(mutated, random.Next(4) == 0 ? null : name);
            if (name is not ("rollup" or "rollup-required")) continue;
            // Only a check that passed makes a pass, and no mutation of these makes all others go away.
            if (explained.Verdict == "passed") Assert.True((long)explained.Summary["pass"] > 0 && (long)explained.Summary["fail"] == 0, Encoding.UTF8.GetString(mutated));
        }
    }

    private static PayloadExplanation Explain(JsonNode node, string? name) => GitHubAdapter.Explain(Encoding.UTF8.GetBytes(node.ToJsonString()), name);

    private static (long, long, long, long, long) Counts(PayloadExplanation explained) =>
        ((long)explained.Summary["pass"], (long)explained.Summary["fail"], (long)explained.Summary["pending"], (long)explained.Summary["cancelled"], (long)explained.Summary["skipped"]);

    /// <summary>An answer to gh's query. <c>WORD!</c> is required; <c>WORD=workflow/event</c> is of a workflow, and all of these have one name.</summary>
    private static JsonObject Answer(string words)
    {
        var nodes = new JsonArray([.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Node)]);
        var commit = new JsonObject { ["oid"] = "abc", ["statusCheckRollup"] = new JsonObject { ["contexts"] = new JsonObject { ["nodes"] = nodes } } };
        return new JsonObject { ["data"] = new JsonObject { ["node"] = new JsonObject { ["statusCheckRollup"] = new JsonObject { ["nodes"] = new JsonArray(new JsonObject { ["commit"] = commit }) } } } };
    }

    private static JsonObject Node(string word, int index)
    {
        if (word.StartsWith("status:", StringComparison.Ordinal)) return new JsonObject { ["state"] = word["status:".Length..], ["name"] = "a status" };
        string[] parts = word.TrimEnd('!').Split('=');
        bool runs = parts[0] is "IN_PROGRESS" or "QUEUED" or "WAITING" || parts[0].EndsWith("...", StringComparison.Ordinal);
        var node = new JsonObject
        {
            ["conclusion"] = runs ? "" : parts[0],
            ["status"] = runs ? parts[0] : "COMPLETED",
            ["name"] = parts.Length > 1 ? "cool tests" : $"check {index}",
            ["startedAt"] = Payloads.At(1),
            ["completedAt"] = Payloads.At(90),
            ["isRequired"] = word.EndsWith('!'),
        };
        if (parts.Length > 1)
        {
            string[] run = parts[1].Split('/');
            node["checkSuite"] = new JsonObject { ["workflowRun"] = new JsonObject { ["workflow"] = new JsonObject { ["name"] = run[0] }, ["event"] = run[1].Length > 0 ? run[1] : null } };
        }
        return node;
    }
}
