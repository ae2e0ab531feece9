using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>What the probe reads when GitHub answers.</summary>
public sealed class ProbeTests : IDisposable
{
    private static readonly Key Change = Key.PullRequest("acme/web", 12);
    private static readonly Key Landing = Key.Commit("acme/web", Payloads.Landing);
    private readonly FakeGitHub _github = new();

    public static TheoryData<string, JsonObject> States() => new()
    {
        { "open", Payloads.PullRequest("opened", 5) },
        { "draft", Payloads.PullRequest("opened", 5, static p => p["draft"] = true) },
        { "no body", Payloads.PullRequest("edited", 6, static p => p["body"] = null) },
        { "fork gone", Payloads.PullRequest("edited", 6, static p => p["head"]!["repo"] = null) },
        { "fork", Payloads.PullRequest("edited", 6, static p => p["head"]!["repo"] = Payloads.Repo("Ann/Web")) },
        { "pushed", Payloads.PullRequest("synchronize", 7, static p => p["commits"] = 3) },
        { "closed", Payloads.Closed(30) },
        { "reopened", Payloads.PullRequest("reopened", 40) },
        { "merged", Payloads.Merged(35) },
        { "by a bot", Payloads.PullRequest("opened", 5, static p => p["user"] = Payloads.User("builder[bot]", "Bot")) },
    };

    public void Dispose() => _github.Dispose();

    [Theory]
    [MemberData(nameof(States))]
    public async Task Webhook_and_probe_of_one_state_give_equal_facts(string situation, JsonObject payload)
    {
        var result = await _github.Add(payload).ReadAsync(Change);
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Equal(Hook.Translate("pull_request", payload).Facts.ToArray(), result.Facts.Where(static f => f.Kind != Gates.MainCi).ToArray());
        Assert.NotEmpty(situation);
    }

    [Fact]
    public async Task Webhook_and_probe_of_one_label_give_equal_facts_though_they_list_labels_in_another_order()
    {
        static void Label(GitHubOptions o) => o.ItemLabelPattern = @"^item:(?<id>\S+)$";
        var payload = Payloads.PullRequest("labeled", 5, static p =>
        {
            p["body"] = null;
            p["labels"] = new JsonArray(new JsonObject { ["name"] = "item:BL-2" }, new JsonObject { ["name"] = "item:BL-1" });
        });
        var result = await _github.Add(payload).ReadAsync(_github.Probe(Label), null, Change);
        Assert.Equal(Hook.Translate("pull_request", payload, Label).Facts.ToArray(), result.Facts.ToArray());
        Assert.Contains(Key.Item("BL-1"), result.Facts[0].Links);
    }

    [Theory]
    [InlineData("approved")]
    [InlineData("changes_requested")]
    [InlineData("dismissed")]
    public async Task Webhook_and_probe_of_one_review_give_equal_facts(string state)
    {
        var reviews = new[]
        {
            Payloads.Review("submitted", state, 10),
            Payloads.Review("submitted", "approved", 11, 9002, "merge-bot[bot]", "Bot"),
            Payloads.Review("submitted", "approved", 12, 9003, "builder-7"),
        };
        static void Bots(GitHubOptions o) => o.CountBotReviews = true;
        _github.Add(Payloads.PullRequest("opened", 15), reviews);
        var result = await _github.ReadAsync(_github.Probe(Bots), null, Change);
        var expected = reviews.SelectMany(static r => Hook.Translate("pull_request_review", r, Bots).Facts).ToArray();
        Assert.Equal(2, expected.Length);
        Assert.Equal(expected, result.Facts.Where(static f => f.Kind == Gates.Reviewed).ToArray());
        var people = await _github.ReadAsync(Change);
        Assert.Equal("ann", Assert.Single(people.Facts, static f => f.Kind == Gates.Reviewed).Name);
    }

    [Fact]
    public async Task Webhook_and_probe_of_one_commits_checks_give_equal_facts_and_the_probe_adds_the_sum()
    {
        var check = Payloads.CheckRun("completed", "success", 40, 50);
        var skipped = Payloads.CheckRun("completed", "skipped", 40, 41, 502, "🚀 docs");
        var status = Payloads.Status("success", 55);
        _github.Checks("SUCCESS", check, skipped, status);
        var result = await _github.ReadAsync(Landing);
        var expected = Hook.Translate("check_run", check).Facts.Concat(Hook.Translate("check_run", skipped).Facts).Concat(Hook.Translate("status", status).Facts).ToArray();
        Assert.Equal(expected, result.Facts.Where(static f => f.IsPartial).ToArray());
        var rollup = Assert.Single(result.Facts, static f => !f.IsPartial);
        Assert.Equal(Landing, rollup.Subject);
        Assert.Equal((GateStatus.Passed, "rollup"), (rollup.Status, rollup.Name));
        Assert.Equal(Payloads.Start.AddSeconds(55), rollup.OccurredAt);
        Assert.Equal(new Ordinal(Payloads.Start.AddSeconds(55).ToUnixTimeMilliseconds(), 3, 1), rollup.Ordinal);
        Assert.Equal($"https://github.com/acme/web/commit/{Payloads.Landing}", rollup.Evidence!.Url!.AbsoluteUri);
        Assert.Equal(GateStatus.Passed, World.Fold(Hook.Translate("pull_request", Payloads.Merged(30)).Facts.Concat(result.Facts))!.Gate(Gates.MainCi)!.Status);
    }

    public static TheoryData<string, string, JsonObject[], GateStatus, Reason> Sums()
    {
        var passed = Payloads.CheckRun("completed", "success", 40, 50);
        var failed = Payloads.CheckRun("completed", "failure", 40, 51, 502, "lint");
        var running = Payloads.CheckRun("in_progress", null, 45, id: 503, name: "e2e");
        var cancelled = Payloads.CheckRun("completed", "cancelled", 40, 52, 504, "deploy");
        var skipped = Payloads.CheckRun("completed", "skipped", 40, 40, 505, "docs");
        var neutral = Payloads.CheckRun("completed", "neutral", 40, 41, 506, "coverage");
        var asks = Payloads.CheckRun("completed", "action_required", 40, 41, 507, "gatekeeper");
        var approval = Payloads.CheckRun("waiting", null, 40, id: 509, name: "deploy to production");
        var stale = Payloads.CheckRun("completed", "stale", 40, 41, 510, "given up");
        var rerun = Payloads.CheckRun("completed", "success", 60, 70, 602, "lint");
        var rerunning = Payloads.CheckRun("queued", null, 60, id: 603, name: "test");
        var odd = Payloads.CheckRun("completed", "half_passed", 40, 41, 508, "odd");
        return new()
        {
            { "all green", "SUCCESS", [passed], GateStatus.Passed, Reason.None },
            { "green beside neutral and skipped", "SUCCESS", [passed, neutral, skipped], GateStatus.Passed, Reason.None },
            { "red", "FAILURE", [passed, failed], GateStatus.Failed, Reason.None },
            { "red while others run", "FAILURE", [running, failed], GateStatus.Failed, Reason.None },
            { "error of a status", "ERROR", [passed, Payloads.Status("error", 60)], GateStatus.Failed, Reason.None },
            { "running", "PENDING", [passed, running], GateStatus.Running, Reason.None },
            { "a required status that nobody sent", "EXPECTED", [passed], GateStatus.Running, Reason.None },
            { "every check skipped", "SUCCESS", [skipped], GateStatus.Waiting, Reason.Skipped },
            { "only neutral and skipped", "SUCCESS", [neutral, skipped], GateStatus.Waiting, Reason.Inconclusive },
            { "cancelled by the next push", "FAILURE", [passed, cancelled], GateStatus.Waiting, Reason.Cancelled },
            { "cancelled beside a failure", "FAILURE", [failed, cancelled], GateStatus.Failed, Reason.None },
            { "an app asks for a change", "FAILURE", [passed, asks], GateStatus.Failed, Reason.None },
            { "waits for a person", "FAILURE", [passed, approval], GateStatus.Waiting, Reason.AwaitingApproval },
            { "given up by GitHub", "PENDING", [passed, stale], GateStatus.Failed, Reason.None },
            { "green since it was run again", "FAILURE", [passed, failed, rerun], GateStatus.Passed, Reason.None },
            { "the runs again, the other way round", "SUCCESS", [rerun, failed, passed], GateStatus.Passed, Reason.None },
            { "green once, and run again", "SUCCESS", [passed, rerunning], GateStatus.Running, Reason.None },
            { "GitHub's sum is ahead of a check that still runs", "SUCCESS", [passed, running], GateStatus.Running, Reason.None },
            { "GitHub's sum forgets a failure", "SUCCESS", [passed, failed], GateStatus.Failed, Reason.None },
            { "an unknown conclusion", "SUCCESS", [passed, odd], GateStatus.Waiting, Reason.Unrecognized },
            { "an unknown sum", "GOLDEN", [passed], GateStatus.Waiting, Reason.Unrecognized },
        };
    }

    [Theory]
    [MemberData(nameof(Sums))]
    public async Task The_sum_of_a_commits_checks_claims_no_more_than_every_single_one(string situation, string state, JsonObject[] checks, GateStatus expected, Reason reason)
    {
        _github.Checks(state, [.. checks.Select(static c => c.DeepClone().AsObject())]);
        var result = await _github.ReadAsync(Landing);
        var rollup = Assert.Single(result.Facts, static f => f.Name == "rollup");
        Assert.Equal((situation, expected, reason), (situation, rollup.Status, rollup.Reason));
        if (reason == Reason.Unrecognized) Assert.NotEmpty(result.Diagnostics);
    }

    [Theory]
    [InlineData("IN_PROGRESS", null, true, GateStatus.Running)]
    [InlineData("QUEUED", null, true, GateStatus.Running)]
    [InlineData("COMPLETED", "SUCCESS", true, GateStatus.Passed)]
    [InlineData("COMPLETED", "STARTUP_FAILURE", true, GateStatus.Failed)]
    [InlineData("QUEUED", null, false, GateStatus.Passed)]
    public async Task Between_two_jobs_of_a_workflow_main_is_not_green(string status, string? conclusion, bool ofWorkflow, GateStatus expected)
    {
        var commit = _github.Checks("SUCCESS", Payloads.CheckRun("completed", "success", 40, 50));
        commit["checkSuites"]!["nodes"]!.AsArray().Add(new JsonObject { ["status"] = status, ["conclusion"] = conclusion, ["workflowRun"] = ofWorkflow ? new JsonObject { ["databaseId"] = 77 } : null });
        var result = await _github.ReadAsync(Landing);
        Assert.Equal(expected, Assert.Single(result.Facts, static f => f.Name == "rollup").Status);
    }

    [Theory]
    [InlineData(8, GateStatus.Passed)]
    [InlineData(9, GateStatus.Failed)]
    public async Task A_green_job_does_not_replace_a_red_one_of_the_same_run_that_has_its_name(int suiteOfRed, GateStatus expected)
    {
        var commit = _github.Checks("FAILURE", Payloads.CheckRun("completed", "failure", 40, 51, 501, "lint"), Payloads.CheckRun("completed", "success", 45, 50, 502, "lint"));
        var nodes = commit["statusCheckRollup"]!["contexts"]!["nodes"]!;
        nodes[0]!["checkSuite"] = new JsonObject { ["databaseId"] = suiteOfRed };
        nodes[1]!["checkSuite"] = new JsonObject { ["databaseId"] = 9 };
        Assert.Equal(expected, Assert.Single((await _github.ReadAsync(Landing)).Facts, static f => f.Name == "rollup").Status);
    }

    [Fact]
    public async Task A_commit_without_checks_has_no_verdict()
    {
        _github.Checks("SUCCESS")["statusCheckRollup"] = null;
        Assert.Empty((await _github.ReadAsync(Landing)).Facts);
        _github.Checks("SUCCESS");
        Assert.Empty((await _github.ReadAsync(Landing)).Facts);
    }

    [Fact]
    public async Task More_checks_than_a_page_are_read_to_the_last()
    {
        var first = _github.Checks("SUCCESS", Payloads.CheckRun("completed", "success", 40, 50));
        first["statusCheckRollup"]!["contexts"] = FakeGitHub.Contexts([Payloads.CheckRun("completed", "success", 40, 50)], "next==", 2);
        var second = new JsonObject { ["state"] = "SUCCESS", ["contexts"] = FakeGitHub.Contexts([Payloads.CheckRun("completed", "failure", 40, 60, 502, "e2e")], null, 2) };
        _github.Intercept = (request, body) => body.Contains("next==", StringComparison.Ordinal)
            ? FakeGitHub.Json(new JsonObject { ["data"] = new JsonObject { ["r0"] = new JsonObject { ["c0"] = new JsonObject { ["statusCheckRollup"] = second.DeepClone() } } } }.ToJsonString())
            : null;
        var rollup = Assert.Single((await _github.ReadAsync(Landing)).Facts, static f => f.Name == "rollup");
        Assert.Equal(GateStatus.Failed, rollup.Status);
        Assert.Equal(2, rollup.Ordinal.Minor);

        second["contexts"] = FakeGitHub.Contexts([Payloads.CheckRun("completed", "success", 40, 60, 502, "e2e")], null, 2);
        Assert.Equal(GateStatus.Passed, Assert.Single((await _github.ReadAsync(Landing)).Facts, static f => f.Name == "rollup").Status);
    }

    [Fact]
    public async Task Checks_without_end_are_no_pass()
    {
        var page = FakeGitHub.Contexts([Payloads.CheckRun("completed", "success", 40, 50)], "again", 5000);
        _github.Checks("SUCCESS")["statusCheckRollup"]!["contexts"] = page;
        var result = await _github.ReadAsync(Landing);
        Assert.DoesNotContain(result.Facts, static f => !f.IsPartial);
        Assert.Contains(result.Diagnostics, static d => d.Contains("5000", StringComparison.Ordinal));
        Assert.Equal(10, _github.Requests.Count);
    }

    [Fact]
    public async Task An_older_answer_does_not_overtake_a_newer_one()
    {
        _github.Checks("PENDING", Payloads.CheckRun("completed", "success", 40, 50), Payloads.CheckRun("queued", null, 50, id: 502, name: "e2e"));
        var running = (await _github.ReadAsync(Landing)).Facts;
        _github.Checks("SUCCESS", Payloads.CheckRun("completed", "success", 40, 50), Payloads.CheckRun("completed", "success", 50, 50, id: 502, name: "e2e"));
        var green = (await _github.ReadAsync(Landing)).Facts;
        var merged = Hook.Translate("pull_request", Payloads.Merged(30)).Facts;
        foreach (var facts in (IEnumerable<Fact>[])[merged.Concat(running).Concat(green), green.Concat(running).Concat(merged)])
            Assert.Equal(GateStatus.Passed, World.Fold(facts)!.Gate(Gates.MainCi)!.Status);
    }

    [Fact]
    public async Task Webhook_and_probe_of_one_deployment_give_equal_facts_and_inactive_takes_nothing_back()
    {
        var commit = _github.Checks("SUCCESS", Payloads.CheckRun("completed", "success", 40, 50));
        var statuses = new JsonArray(
            new JsonObject { ["state"] = "INACTIVE", ["createdAt"] = Payloads.At(500) },
            new JsonObject { ["state"] = "SUCCESS", ["createdAt"] = Payloads.At(70), ["logUrl"] = "https://deploy.acme.example/31" },
            new JsonObject { ["state"] = "IN_PROGRESS", ["createdAt"] = Payloads.At(62) });
        commit["deployments"]!["nodes"]!.AsArray().Add(new JsonObject { ["databaseId"] = 31, ["commitOid"] = Payloads.Landing, ["task"] = "deploy", ["environment"] = "production", ["createdAt"] = Payloads.At(60), ["statuses"] = new JsonObject { ["nodes"] = statuses } });
        var result = await _github.ReadAsync(Landing);
        Assert.Equal(Hook.Translate("deployment_status", Payloads.DeploymentStatus("success", 70)).Facts.ToArray(), result.Facts.Where(static f => f.Kind == Gates.RolledOut).ToArray());

        // One that was replaced before it came to an end does not run for ever.
        statuses.RemoveAt(1);
        result = await _github.ReadAsync(Landing);
        var replaced = Assert.Single(result.Facts, static f => f.Kind == Gates.RolledOut);
        Assert.Equal((GateStatus.Waiting, Reason.Superseded), (replaced.Status, replaced.Reason));
        Assert.True(replaced.Ordinal > Hook.Translate("deployment_status", Payloads.DeploymentStatus("in_progress", 62)).Facts[0].Ordinal);

        statuses.Clear();
        result = await _github.ReadAsync(Landing);
        Assert.Equal(Hook.Translate("deployment", Payloads.Deployment()).Facts.ToArray(), result.Facts.Where(static f => f.Kind == Gates.RolledOut).ToArray());
    }

    [Fact]
    public async Task A_merge_that_nobody_announced_brings_its_landing_and_its_checks_at_once()
    {
        _github.Add(Payloads.Merged(35)).Checks("SUCCESS", Payloads.CheckRun("completed", "success", 40, 50));
        var result = await _github.ReadAsync(Change);
        Assert.True(World.Fold(result.Facts)!.IsDone);
        Assert.Equal(2, _github.Requests.Count);
        _github.Requests.Clear();
        await _github.ReadAsync(Change, Landing);
        Assert.Single(_github.Requests);
    }

    [Fact]
    public async Task A_hundred_subjects_cost_one_request_and_the_next_one_another()
    {
        var keys = Enumerable.Range(1, 101).Select(static n => Key.PullRequest("acme/web", n)).ToArray();
        var result = await _github.ReadAsync(keys);
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Equal(2, _github.Requests.Count);
        Assert.Equal(101, result.Diagnostics.Length);
    }

    [Fact]
    public async Task A_query_that_is_too_slow_is_halved()
    {
        _github.Add(Payloads.PullRequest("opened", 0));
        _github.Intercept = static (_, body) => body.Split("pullRequest(number").Length > 15 ? FakeGitHub.Status(502, "<html>") : null;
        var result = await _github.ReadAsync([.. Enumerable.Range(1, 40).Select(static n => Key.PullRequest("acme/web", n))]);
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Contains(result.Facts, static f => f.Kind == Gates.PrOpened);
    }

    [Fact]
    public async Task A_number_or_commit_that_the_api_does_not_show_yet_is_asked_for_again_and_not_lost()
    {
        var early = await _github.ReadAsync(Change, Landing);
        Assert.Equal(ProbeOutcome.Reached, early.Outcome);
        Assert.Empty(early.Facts);
        Assert.Equal(2, early.Diagnostics.Length);
        _github.Add(Payloads.Merged(35)).Checks("SUCCESS", Payloads.CheckRun("completed", "success", 40, 50));
        Assert.True(World.Fold((await _github.ReadAsync(Change, Landing)).Facts)!.IsDone);
    }

    [Fact]
    public async Task Keys_that_are_not_GitHubs_never_become_part_of_a_query()
    {
        var result = await _github.ReadAsync(
            Key.PullRequest("evil/web", 1),
            Key.Create("pr", "acme/web\") { id } x: repository(owner: \"a#1"),
            Key.Create("pr", "acme/web#-1"),
            Key.Create("pr", "acme/web#99999999999"),
            Key.Create("commit", "acme/web@main"),
            Key.Create("commit", "acme/web@" + new string('0', 40)),
            Key.Create("image", "sha256:1"));
        Assert.Empty(_github.Requests);
        Assert.Equal(7, result.Diagnostics.Length);
    }

    [Fact]
    public async Task Every_request_carries_what_GitHub_asks_for()
    {
        await _github.ReadAsync(_github.Probe(), Payloads.Start, Change);
        Assert.Equal(2, _github.Requests.Count);
        foreach (var (request, _) in _github.Requests)
        {
            Assert.Equal("Bearer ghp_secret_token", request.Headers.Authorization!.ToString());
            Assert.Equal("application/vnd.github+json", request.Headers.Accept.ToString());
            Assert.Equal("2022-11-28", request.Headers.GetValues("X-GitHub-Api-Version").Single());
            Assert.StartsWith("ClosedLoop/", request.Headers.UserAgent.ToString());
        }
        Assert.Equal("https://api.github.com/repos/acme/web/pulls?state=all&sort=updated&direction=desc&per_page=100", _github.Lists.Single().AbsoluteUri);
    }
}
