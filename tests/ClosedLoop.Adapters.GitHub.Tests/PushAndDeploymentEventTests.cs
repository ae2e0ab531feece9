using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>push, deployment, deployment_status and the events that say nothing.</summary>
public sealed class PushAndDeploymentEventTests
{
    private static readonly Translation Merged = Hook.Translate("pull_request", Payloads.Merged(30));
    private static readonly string Direct = new('e', 40);

    [Fact]
    public void A_push_moves_its_branch_by_GitHubs_clock()
    {
        var fact = Assert.Single(Hook.Translate("push", Payloads.Push(Direct, 20, "refs/heads/feature/x", static p => p["forced"] = true)).Facts);
        Assert.Equal(Key.Branch("acme/web", "feature/x"), fact.Subject);
        Assert.Equal(Direct, fact.Revision);
        Assert.Equal("true", fact.Attribute("forced"));
        Assert.Equal(new string('d', 40), fact.Attribute("before"));
        Assert.Equal(Payloads.Start.AddSeconds(20), fact.OccurredAt);
        Assert.Equal(Payloads.Start.AddSeconds(20).ToUnixTimeMilliseconds(), fact.Ordinal.Major);
    }

    [Fact]
    public void A_deleted_branch_and_a_tag_say_nothing()
    {
        Assert.Equal(TranslationOutcome.Ignored, Hook.Translate("push", Payloads.Push(new string('0', 40), 20, change: static p => p["deleted"] = true)).Outcome);
        Assert.Equal(TranslationOutcome.Ignored, Hook.Translate("push", Payloads.Push(Direct, 20, "refs/tags/v1")).Outcome);
    }

    [Fact]
    public void A_direct_push_with_a_trailer_lands_the_item_without_a_pull_request()
    {
        var push = Hook.Translate("push", Payloads.Push(Direct, 20, commits: [("Prepare", true), ("Fix login\n\nWork-Item: BL-42", true)]));
        var landing = push.Only(FactKinds.Landing);
        Assert.Equal(Key.Commit("acme/web", Direct), landing.Subject);
        Assert.Equal([Key.Item("BL-42")], landing.Links);
        Assert.Equal("direct", landing.Attribute(FactAttributes.LandingKind));
        var green = Hook.Translate("workflow_run", Payloads.WorkflowRun("completed", "success", 50, sha: Direct));
        var state = World.State(push, green);
        Assert.Equal(GateStatus.Passed, state.Gate(Gates.Merged)!.Status);
        Assert.True(state.IsDone);
    }

    [Fact]
    public void Several_commits_of_one_push_land_by_the_last_which_is_the_one_that_ci_builds()
    {
        var push = Hook.Translate("push", Payloads.Push(Direct, 20, commits: [("One\n\nWork-Item: BL-1", true), ("Two\n\nWork-Item: BL-2", true), ("Two again\n\nWork-Item: BL-2", true)]));
        var landing = push.Only(FactKinds.Landing);
        Assert.Equal(Direct, landing.Revision);
        Assert.Equal([Key.Item("BL-1"), Key.Item("BL-2")], landing.Links);
    }

    [Theory]
    [InlineData("refs/heads/feature", true)]
    [InlineData("refs/heads/main", false)]
    public void Commits_on_other_branches_or_pushed_before_do_not_land(string branch, bool distinct) =>
        Assert.DoesNotContain(Hook.Translate("push", Payloads.Push(Direct, 20, branch, commits: [("x\n\nWork-Item: BL-42", distinct)])).Facts, static f => f.Kind == FactKinds.Landing);

    [Fact]
    public void The_push_of_a_merged_pull_request_does_not_take_the_landing_away_from_it()
    {
        // A rebase by hand looks like any other push.
        var push = Hook.Translate("push", Payloads.Push(Payloads.Landing, 30, commits: [("Fix login\n\nWork-Item: BL-42", true)]));
        Assert.Contains(push.Facts, static f => f.Kind == FactKinds.Landing);
        foreach (var order in (Translation[][])[[push, Merged], [Merged, push]])
        {
            var state = World.State(order);
            Assert.Equal(Key.PullRequest("acme/web", 12), Assert.Single(state.Changes).Change);
        }
        // A squash by GitHub says that it is one.
        var squash = Hook.Translate("push", Payloads.Push(Payloads.Landing, 30, change: static p =>
        {
            p["head_commit"]!["committer"] = new JsonObject { ["username"] = "web-flow" };
            p["head_commit"]!["message"] = "Fix login (#12)\n\nWork-Item: BL-42";
        }, commits: [("Fix login (#12)\n\nWork-Item: BL-42", true)]));
        Assert.DoesNotContain(squash.Facts, static f => f.Kind == FactKinds.Landing);
    }

    [Fact]
    public void A_deployment_runs_and_its_status_decides()
    {
        var deployment = Hook.Translate("deployment", Payloads.Deployment());
        var fact = Assert.Single(deployment.Facts);
        Assert.Equal(Key.Deployment("github/acme/web/31"), fact.Subject);
        Assert.Equal("deployer:github", fact.Writer.ToString());
        Assert.Equal((GateStatus.Running, "production"), (fact.Status, fact.Environment));
        Assert.Equal([Key.Commit("acme/web", Payloads.Landing)], fact.Links);
        Assert.Equal(GateStatus.Running, World.Gate(Gates.RolledOut, Merged, deployment).Status);
        var success = Hook.Translate("deployment_status", Payloads.DeploymentStatus("success", 70));
        Assert.Equal(GateStatus.Passed, World.Gate(Gates.RolledOut, Merged, success, deployment).Status);
        Assert.Equal(Payloads.Start.AddSeconds(70), Assert.Single(success.Facts).OccurredAt);
    }

    [Theory]
    [InlineData("queued", GateStatus.Running, Reason.None)]
    [InlineData("pending", GateStatus.Running, Reason.None)]
    [InlineData("in_progress", GateStatus.Running, Reason.None)]
    [InlineData("waiting", GateStatus.Waiting, Reason.AwaitingApproval)]
    [InlineData("failure", GateStatus.Failed, Reason.None)]
    [InlineData("error", GateStatus.Failed, Reason.None)]
    [InlineData("skipped", GateStatus.Waiting, Reason.Unrecognized)]
    public void Each_deployment_state_has_one_meaning_and_a_skip_is_never_a_success(string state, GateStatus expected, Reason reason)
    {
        var status = Hook.Translate("deployment_status", Payloads.DeploymentStatus(state, 70));
        Assert.Equal((expected, reason), (status.Facts[0].Status, status.Facts[0].Reason));
        Assert.NotEqual(GateStatus.Passed, World.Gate(Gates.RolledOut, Merged, status).Status);
    }

    [Fact]
    public void A_deployment_replaced_by_a_newer_one_stays_rolled_out()
    {
        var success = Hook.Translate("deployment_status", Payloads.DeploymentStatus("success", 70));
        var inactive = Hook.Translate("deployment_status", Payloads.DeploymentStatus("inactive", 500, status: 999));
        Assert.Equal(TranslationOutcome.Ignored, inactive.Outcome);
        Assert.Equal(GateStatus.Passed, World.Gate(Gates.RolledOut, Merged, success, inactive).Status);
    }

    [Fact]
    public void The_newest_deployment_of_an_environment_speaks_though_an_older_one_reports_later()
    {
        var older = Hook.Translate("deployment_status", Payloads.DeploymentStatus("failure", 500, id: 31)).Facts[0];
        var newer = Hook.Translate("deployment_status", Payloads.DeploymentStatus("success", 70, id: 32)).Facts[0];
        Assert.True(newer.Ordinal > older.Ordinal);
        Assert.Equal((older.Environment, older.Name), (newer.Environment, newer.Name));
        Assert.Equal((Payloads.Landing, "acme/web"), (newer.Revision, newer.Attribute(FactAttributes.Repository)));
        // Within one deployment the newest status does.
        Assert.True(newer.Ordinal > Hook.Translate("deployment_status", Payloads.DeploymentStatus("in_progress", 69, id: 32)).Facts[0].Ordinal);
    }

    [Fact]
    public void A_deployment_for_another_task_is_another_target_and_says_nothing_of_what_is_deployed()
    {
        var migration = Hook.Translate("deployment_status", Payloads.DeploymentStatus("success", 70).With(static p => p["deployment"]!["task"] = "deploy:migrations")).Facts[0];
        Assert.Equal(("production", "deploy:migrations"), (migration.Environment, migration.Name));
        Assert.Equal("production", Hook.Translate("deployment_status", Payloads.DeploymentStatus("success", 70)).Facts[0].Name);
    }

    [Fact]
    public void Waiting_processed_after_the_newer_queued_does_not_come_back()
    {
        var waiting = Hook.Translate("deployment_status", Payloads.DeploymentStatus("waiting", 62, status: 901));
        var progress = Hook.Translate("deployment_status", Payloads.DeploymentStatus("in_progress", 63, status: 902));
        Assert.Equal(GateStatus.Running, World.Gate(Gates.RolledOut, Merged, progress, waiting).Status);
    }

    [Theory]
    [InlineData("ping")]
    [InlineData("issues")]
    [InlineData("an_event_of_next_year")]
    public void Events_without_a_gate_are_ignored_with_a_reason(string name)
    {
        var translation = Hook.Translate(name, new JsonObject { ["zen"] = "Design for failure.", ["hook_id"] = 1L });
        Assert.Equal(TranslationOutcome.Ignored, translation.Outcome);
        Assert.Equal(name, translation.Event);
        Assert.False(string.IsNullOrEmpty(translation.Detail));
    }

    [Fact]
    public void A_delivery_of_Gitea_with_GitHubs_headers_is_not_taken_for_GitHubs()
    {
        var delivery = Hook.Delivery("pull_request", System.Text.Encoding.UTF8.GetBytes(Payloads.Merged(30).ToJsonString()));
        var headers = new Dictionary<string, string>(delivery.Headers, StringComparer.OrdinalIgnoreCase) { ["X-Gitea-Event"] = "pull_request" };
        Assert.Equal(TranslationOutcome.Ignored, Hook.Translator().Translate(delivery with { Headers = headers }).Outcome);
    }

    [Fact]
    public void A_delivery_without_an_event_is_malformed()
    {
        var delivery = Hook.Delivery("x", "{}"u8.ToArray());
        var headers = new Dictionary<string, string>(delivery.Headers, StringComparer.OrdinalIgnoreCase);
        headers.Remove("X-GitHub-Event");
        Assert.Equal(TranslationOutcome.Malformed, Hook.Translator().Translate(delivery with { Headers = headers }).Outcome);
    }
}
