using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>
/// Random rollups judged by the real <c>gh pr checks</c> (Debian's 2.23) and by <see cref="GitHubAdapter.Explain"/>. They agree but for what the
/// README lists, and that is listed here too: nothing else may differ.
/// </summary>
public sealed class GhDifferentialTests
{
    /// <summary>How many rollups; 60 unless this variable says more.</summary>
    private const string Cases = "CLOSEDLOOP_GH_CASES";

    /// <summary>The seed; another one than the default repeats a failure or finds a new one.</summary>
    private const string Seed = "CLOSEDLOOP_GH_SEED";

    private static readonly string[] Conclusions = ["SUCCESS", "SUCCESS", "SUCCESS", "FAILURE", "NEUTRAL", "SKIPPED", "CANCELLED", "TIMED_OUT", "ACTION_REQUIRED", "STARTUP_FAILURE", "STALE", "HALF_PASSED"];
    private static readonly string[] Statuses = ["QUEUED", "IN_PROGRESS", "WAITING", "PENDING", "REQUESTED", "DREAMING"];
    private static readonly string[] States = ["SUCCESS", "SUCCESS", "FAILURE", "ERROR", "PENDING", "EXPECTED", "GOLDEN"];

    [Fact]
    public async Task Random_rollups_are_judged_as_gh_judges_them_but_for_the_listed_differences()
    {
        int cases = Setting(Cases, 60), seed = Setting(Seed, 20_261_121);
        await using var gh = await GhCommand.StartAsync();
        var differences = new SortedSet<string>(StringComparer.Ordinal);
        var verdicts = new SortedSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < cases; i++)
        {
            var random = new Random(unchecked((seed * 31) + i));
            // The first one is the difference that chance may miss.
            bool requiredOnly = i > 0 && random.Next(4) == 0;
            var nodes = i > 0 ? Rollup(random) : [Run("docs", "COMPLETED", "SKIPPED", Payloads.At(10), 0)];
            var (buckets, exit, errors) = await gh.ChecksAsync(nodes, requiredOnly);
            string about = $"case {i} of {Seed}={seed}{(requiredOnly ? ", --required" : "")}: {nodes.ToJsonString()}\ngh exits {exit}, says {string.Join(", ", buckets)} {errors}";

            var expected = new Dictionary<string, long>(StringComparer.Ordinal) { ["pass"] = 0, ["fail"] = 0, ["pending"] = 0, ["cancelled"] = 0, ["skipped"] = 0 };
            var (chosen, failing, pending) = (0, false, false);
            foreach (var (link, bucket) in buckets)
            {
                chosen++;
                failing |= bucket == "fail";
                pending |= bucket == "pending";
                expected[Ours(nodes[int.Parse(link[(link.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture)]!, bucket, differences)]++;
            }
            var explained = GitHubAdapter.Explain(Encoding.UTF8.GetBytes(Answer(nodes).ToJsonString()), requiredOnly ? "rollup-required" : "rollup");
            foreach (var (name, count) in expected) Assert.True(count == (long)explained.Summary[name], $"{name}: expected {count}, was {explained.Summary[name]}\n{about}");

            // gh's own verdict follows from its buckets, and ours from ours.
            Assert.True(exit == (chosen == 0 || failing || pending ? 1 : 0), about);
            string verdict = expected["fail"] > 0 ? "failed" : expected["pending"] > 0 ? "running" : expected["cancelled"] > 0 || expected["pass"] == 0 ? "none" : "passed";
            Assert.True(verdict == explained.Verdict, $"expected {verdict}, was {explained.Verdict}\n{about}");
            if (verdict == "passed") Assert.Equal(0, exit);
            else if (exit == 0 && expected["pass"] == 0) differences.Add("only skipped");
            else Assert.True(exit != 0, about);
            verdicts.Add(verdict);
        }
        // A run that meets too little proves too little.
        Assert.Equal(["failed", "none", "passed", "running"], verdicts);
        Assert.Equal(["CANCELLED", "STALE", "STARTUP_FAILURE", "only skipped"], differences);
    }

    [Fact]
    public async Task A_run_again_that_has_not_started_is_the_latest_here_and_the_oldest_for_gh()
    {
        await using var gh = await GhCommand.StartAsync();
        JsonArray nodes = [Run("test", "COMPLETED", "SUCCESS", Payloads.At(10), 0), Run("test", "QUEUED", null, null, 1)];
        var (buckets, exit, _) = await gh.ChecksAsync(nodes, requiredOnly: false);
        Assert.Equal(("pass", 0), (Assert.Single(buckets).Value, exit));
        var explained = GitHubAdapter.Explain(Encoding.UTF8.GetBytes(Answer(nodes).ToJsonString()), "rollup");
        Assert.Equal((0L, 1L, "running"), (explained.Summary["pass"], explained.Summary["pending"], explained.Verdict));
    }

    // The differences of the README.
    private static string Ours(JsonNode node, string bucket, SortedSet<string> differences)
    {
        string? conclusion = (string?)node["status"] == "COMPLETED" ? (string?)node["conclusion"] : null;
        string expected = (bucket, conclusion) switch
        {
            ("pending", "STARTUP_FAILURE" or "STALE") => "fail",
            ("fail", "CANCELLED") => "cancelled",
            ("skipping", _) => "skipped",
            _ => bucket,
        };
        if (expected != bucket && bucket != "skipping") differences.Add(conclusion!);
        return expected;
    }

    private static JsonObject Run(string name, string status, string? conclusion, string? started, int at) => new()
    {
        ["__typename"] = "CheckRun",
        ["name"] = name,
        ["status"] = status,
        ["conclusion"] = conclusion,
        ["startedAt"] = started,
        ["completedAt"] = null,
        ["detailsUrl"] = $"https://ci.acme.example/{at}",
        ["isRequired"] = false,
    };

    private static JsonArray Rollup(Random random)
    {
        var nodes = new JsonArray();
        // Few kinds at a time, so that every verdict comes up.
        int kinds = random.Next(1, 4);
        string[] conclusions = [.. Enumerable.Range(0, kinds).Select(_ => Conclusions[random.Next(Conclusions.Length)])];
        bool calm = random.Next(2) == 0;
        var contexts = new HashSet<string>(StringComparer.Ordinal);
        // gh orders by this alone and as it comes: each start is another one.
        var starts = Enumerable.Range(0, 12).OrderBy(_ => random.Next()).ToList();
        for (int count = random.Next(0, 9); count > 0; count--)
        {
            int at = nodes.Count;
            if (random.Next(4) == 0 && contexts.Add($"context {random.Next(3)}"))
            {
                nodes.Add(new JsonObject
                {
                    ["__typename"] = "StatusContext",
                    ["context"] = contexts.Last(),
                    ["state"] = calm ? "SUCCESS" : States[random.Next(States.Length)],
                    ["createdAt"] = Payloads.At(random.Next(1000)),
                    ["targetUrl"] = $"https://ci.acme.example/{at}",
                    ["isRequired"] = random.Next(2) == 0,
                });
                continue;
            }
            bool ended = calm || random.Next(4) != 0;
            string workflow = $"workflow {random.Next(2)}";
            nodes.Add(new JsonObject
            {
                ["__typename"] = "CheckRun",
                ["name"] = $"check {random.Next(5)}",
                ["status"] = ended ? "COMPLETED" : Statuses[random.Next(Statuses.Length)],
                ["conclusion"] = ended ? conclusions[random.Next(kinds)] : random.Next(2) == 0 ? "" : null,
                ["startedAt"] = Payloads.At(starts[at] * 10),
                ["completedAt"] = ended ? Payloads.At((starts[at] * 10) + 100) : null,
                ["detailsUrl"] = $"https://ci.acme.example/{at}",
                ["isRequired"] = random.Next(2) == 0,
                // gh 2.23 does not ask for the event: one workflow has one here.
                ["checkSuite"] = random.Next(5) == 0 ? null : new JsonObject { ["workflowRun"] = new JsonObject { ["event"] = "pull_request", ["workflow"] = new JsonObject { ["name"] = workflow } } },
            });
        }
        return nodes;
    }

    private static JsonObject Answer(JsonArray nodes) => new()
    {
        ["data"] = new JsonObject
        {
            ["node"] = new JsonObject
            {
                ["statusCheckRollup"] = new JsonObject
                {
                    ["nodes"] = new JsonArray(new JsonObject { ["commit"] = new JsonObject { ["statusCheckRollup"] = new JsonObject { ["contexts"] = new JsonObject { ["nodes"] = nodes.DeepClone() } } } }),
                },
            },
        },
    };

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
