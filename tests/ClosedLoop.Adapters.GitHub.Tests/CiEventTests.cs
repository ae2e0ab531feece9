using ClosedLoop.Facts;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>check_run, check_suite, status and workflow_run.</summary>
public sealed class CiEventTests
{
    private static readonly Translation Merged = Hook.Translate("pull_request", Payloads.Merged(30));

    [Theory]
    [InlineData("success", GateStatus.Passed, Reason.None)]
    [InlineData("failure", GateStatus.Failed, Reason.None)]
    [InlineData("timed_out", GateStatus.Failed, Reason.None)]
    [InlineData("startup_failure", GateStatus.Failed, Reason.None)]
    [InlineData("cancelled", GateStatus.Waiting, Reason.Cancelled)]
    [InlineData("skipped", GateStatus.Waiting, Reason.Skipped)]
    [InlineData("neutral", GateStatus.Waiting, Reason.Inconclusive)]
    [InlineData("stale", GateStatus.Failed, Reason.None)]
    [InlineData("half_passed", GateStatus.Waiting, Reason.Unrecognized)]
    [InlineData(null, GateStatus.Waiting, Reason.Inconclusive)]
    public void Each_conclusion_has_one_meaning_for_checks_and_runs(string? conclusion, GateStatus status, Reason reason)
    {
        var check = Hook.Translate("check_run", Payloads.CheckRun("completed", conclusion, 40, 50));
        var run = Hook.Translate("workflow_run", Payloads.WorkflowRun("completed", conclusion, 50));
        foreach (var translation in (Translation[])[check, run])
        {
            var fact = Assert.Single(translation.Facts);
            Assert.Equal((status, reason), (fact.Status, fact.Reason));
            Assert.Equal("ci:github", fact.Writer.ToString());
            Assert.Equal(Gates.MainCi, fact.Kind);
            Assert.Equal([Key.Commit("acme/web", Payloads.Landing)], fact.Links);
            Assert.Equal(Payloads.Start.AddSeconds(50), fact.OccurredAt);
            Assert.Equal(reason == Reason.Unrecognized ? 1 : 0, translation.Diagnostics.Length);
        }
    }

    // An app asks for a change with it, and GitHub blocks merges; a run of a workflow waits for an approval, and no job has begun.
    [Fact]
    public void Action_required_is_red_for_a_check_and_waits_for_a_run()
    {
        var check = Assert.Single(Hook.Translate("check_run", Payloads.CheckRun("completed", "action_required", 40, 50)).Facts);
        Assert.Equal((GateStatus.Failed, Reason.None), (check.Status, check.Reason));
        var run = Assert.Single(Hook.Translate("workflow_run", Payloads.WorkflowRun("completed", "action_required", 50)).Facts);
        Assert.Equal((GateStatus.Waiting, Reason.AwaitingApproval), (run.Status, run.Reason));
    }

    [Theory]
    [InlineData("queued", GateStatus.Running, Reason.None)]
    [InlineData("requested", GateStatus.Running, Reason.None)]
    [InlineData("pending", GateStatus.Running, Reason.None)]
    [InlineData("in_progress", GateStatus.Running, Reason.None)]
    [InlineData("waiting", GateStatus.Waiting, Reason.AwaitingApproval)]
    [InlineData("dreaming", GateStatus.Waiting, Reason.Unrecognized)]
    public void Each_status_has_one_meaning_for_checks_and_runs(string status, GateStatus expected, Reason reason)
    {
        foreach (var fact in Hook.Translate("check_run", Payloads.CheckRun(status, null, 40)).Facts.Concat(Hook.Translate("workflow_run", Payloads.WorkflowRun(status, null, 50)).Facts))
            Assert.Equal((expected, reason), (fact.Status, fact.Reason));
    }

    [Fact]
    public void One_green_check_of_several_is_not_a_green_main()
    {
        var gate = World.Gate(Gates.MainCi, Merged, Hook.Translate("check_run", Payloads.CheckRun("completed", "success", 40, 50)), Hook.Translate("status", Payloads.Status("success", 55)));
        Assert.NotEqual(GateStatus.Passed, gate.Status);
        Assert.Equal(Reason.Partial, gate.Reason);
    }

    [Fact]
    public void One_red_check_is_a_red_main() =>
        Assert.Equal(GateStatus.Failed, World.Gate(Gates.MainCi, Merged, Hook.Translate("check_run", Payloads.CheckRun("completed", "failure", 40, 50)), Hook.Translate("status", Payloads.Status("success", 55))).Status);

    [Fact]
    public void Checks_that_the_pipeline_names_pass_it_together()
    {
        var pipeline = new PipelineBuilder("delivery").UseDefaultGates().Gate(Gates.MainCi, static g => g.Require("test", "jenkins/build")).Build();
        var test = Hook.Translate("check_run", Payloads.CheckRun("completed", "success", 40, 50));
        var build = Hook.Translate("status", Payloads.Status("success", 55));
        Assert.NotEqual(GateStatus.Passed, World.Fold(Merged.Facts.Concat(test.Facts), pipeline: pipeline)!.Gate(Gates.MainCi)!.Status);
        Assert.Equal(GateStatus.Passed, World.Fold(Merged.Facts.Concat(test.Facts).Concat(build.Facts), pipeline: pipeline)!.Gate(Gates.MainCi)!.Status);
    }

    [Fact]
    public void Completed_before_in_progress_stays_completed()
    {
        var completed = Hook.Translate("check_run", Payloads.CheckRun("completed", "failure", 40, 50));
        var running = Hook.Translate("check_run", Payloads.CheckRun("in_progress", null, 40));
        var queued = Hook.Translate("check_run", Payloads.CheckRun("queued", null, 40));
        Assert.Equal(GateStatus.Failed, World.Gate(Gates.MainCi, Merged, completed, running, queued).Status);
        // In the same second too.
        var quick = Hook.Translate("check_run", Payloads.CheckRun("completed", "failure", 40, 40));
        Assert.Equal(GateStatus.Failed, World.Gate(Gates.MainCi, Merged, quick, running, queued).Status);
    }

    [Fact]
    public void A_run_again_of_a_red_check_replaces_it_and_its_late_twin_does_not_come_back()
    {
        var red = Hook.Translate("check_run", Payloads.CheckRun("completed", "failure", 40, 50, id: 501));
        var again = Hook.Translate("check_run", Payloads.CheckRun("in_progress", null, 60, id: 502));
        var green = Hook.Translate("check_run", Payloads.CheckRun("completed", "success", 60, 70, id: 502));
        Assert.Equal(GateStatus.Running, World.Gate(Gates.MainCi, Merged, again, red).Status);
        Assert.Equal((GateStatus.Running, Reason.Partial), (World.Gate(Gates.MainCi, Merged, green, again, red).Status, World.Gate(Gates.MainCi, Merged, green, again, red).Reason));
    }

    [Fact]
    public void An_app_that_corrects_its_verdict_later_is_believed()
    {
        var red = Hook.Translate("check_run", Payloads.CheckRun("completed", "failure", 40, 50));
        var corrected = Hook.Translate("check_run", Payloads.CheckRun("completed", "success", 40, 80));
        Assert.NotEqual(GateStatus.Failed, World.Gate(Gates.MainCi, Merged, corrected, red).Status);
    }

    [Fact]
    public void Checks_of_the_pull_requests_head_say_nothing_of_main() =>
        Assert.Equal(GateStatus.Waiting, World.Gate(Gates.MainCi, Merged, Hook.Translate("check_run", Payloads.CheckRun("completed", "failure", 40, 50, sha: Payloads.Head))).Status);

    [Fact]
    public void A_check_with_an_emoji_or_an_endless_name_is_a_check_like_others()
    {
        foreach (string name in (string[])["🚀 deploy", new string('x', 5000), "a\u0007b"])
        {
            var red = Hook.Translate("check_run", Payloads.CheckRun("completed", "failure", 40, 50, name: name));
            Assert.Equal(TranslationOutcome.Facts, red.Outcome);
            Assert.Equal(name, Assert.Single(red.Facts).Name);
            Assert.Equal(GateStatus.Failed, World.Gate(Gates.MainCi, Merged, red).Status);
        }
        Assert.NotEqual(
            Hook.Translate("check_run", Payloads.CheckRun("queued", null, 40, name: new string('x', 5000))).Facts[0].Subject,
            Hook.Translate("check_run", Payloads.CheckRun("queued", null, 40, name: new string('x', 5001))).Facts[0].Subject);
    }

    [Fact]
    public void A_check_without_any_time_says_nothing_yet()
    {
        var payload = Payloads.CheckRun("queued", null, 40);
        payload["check_run"]!["started_at"] = null;
        Assert.Equal(TranslationOutcome.Ignored, Hook.Translate("check_run", payload).Outcome);
    }

    [Theory]
    [InlineData("pending", GateStatus.Running)]
    [InlineData("success", GateStatus.Passed)]
    [InlineData("failure", GateStatus.Failed)]
    [InlineData("error", GateStatus.Failed)]
    [InlineData("blue", GateStatus.Waiting)]
    public void A_commit_status_is_one_part(string state, GateStatus expected)
    {
        var fact = Assert.Single(Hook.Translate("status", Payloads.Status(state, 55)).Facts);
        Assert.Equal(expected, fact.Status);
        Assert.True(fact.IsPartial);
        Assert.Equal("jenkins/build", fact.Name);
        Assert.Equal(Key.Check("acme/web", Payloads.Landing, "jenkins/build"), fact.Subject);
    }

    [Fact]
    public void A_pending_status_of_the_same_second_does_not_hide_the_verdict()
    {
        var pending = Hook.Translate("status", Payloads.Status("pending", 55, id: 1));
        var failed = Hook.Translate("status", Payloads.Status("failure", 55, id: 2));
        Assert.Equal(GateStatus.Failed, World.Gate(Gates.MainCi, Merged, failed, pending).Status);
    }

    [Fact]
    public void A_completed_suite_is_a_hint_to_read_the_commit_and_no_fact()
    {
        var payload = Payloads.CheckRun("completed", "success", 40, 50);
        payload["check_suite"] = new System.Text.Json.Nodes.JsonObject { ["id"] = 5L, ["head_sha"] = Payloads.Landing, ["status"] = "completed", ["conclusion"] = "success" };
        var suite = Hook.Translate("check_suite", payload);
        Assert.Equal(TranslationOutcome.Facts, suite.Outcome);
        Assert.Empty(suite.Facts);
        Assert.Equal([Key.Commit("acme/web", Payloads.Landing)], suite.Hints.ToArray());
        payload["action"] = "requested";
        payload["check_suite"]!["status"] = "queued";
        Assert.Equal(TranslationOutcome.Ignored, Hook.Translate("check_suite", payload).Outcome);
    }

    [Fact]
    public void The_only_workflow_of_a_repository_that_is_not_polled_turns_main_green()
    {
        var green = Hook.Translate("workflow_run", Payloads.WorkflowRun("completed", "success", 50));
        var gate = World.Gate(Gates.MainCi, Merged, green);
        Assert.Equal(GateStatus.Passed, gate.Status);
        Assert.Equal(Key.Build("https://github.com/acme/web/actions/runs/2001"), gate.Subject);
        Assert.True(World.State(Merged, green).IsDone);
    }

    [Fact]
    public void A_green_job_named_like_its_workflow_does_not_hide_the_workflows_verdict()
    {
        var job = Hook.Translate("check_run", Payloads.CheckRun("completed", "success", 40, 50, id: 99_000_000_000, name: "CI"));
        Assert.Equal(GateStatus.Passed, World.Gate(Gates.MainCi, Merged, job, Hook.Translate("workflow_run", Payloads.WorkflowRun("completed", "success", 50))).Status);
    }

    [Fact]
    public void One_green_workflow_while_another_runs_is_not_a_green_main()
    {
        var green = Hook.Translate("workflow_run", Payloads.WorkflowRun("completed", "success", 50));
        var running = Hook.Translate("workflow_run", Payloads.WorkflowRun("in_progress", null, 50, id: 2002, name: "E2E", path: ".github/workflows/e2e.yml"));
        Assert.Equal(GateStatus.Running, World.Gate(Gates.MainCi, Merged, green, running).Status);
    }

    [Fact]
    public void With_a_token_the_rollup_decides_and_a_workflow_is_a_part()
    {
        var green = Hook.Translate("workflow_run", Payloads.WorkflowRun("completed", "success", 50), static o => o.Token = "ghp_token");
        Assert.True(Assert.Single(green.Facts).IsPartial);
        Assert.NotEqual(GateStatus.Passed, World.Gate(Gates.MainCi, Merged, green).Status);
    }

    [Theory]
    [InlineData("CI", true)]
    [InlineData("ci", true)]
    [InlineData(".github/workflows/ci.yml", true)]
    [InlineData("ci.yml", true)]
    [InlineData("Lint", false)]
    public void A_workflow_named_as_complete_is_a_verdict_with_or_without_a_token(string named, bool complete)
    {
        foreach (string? token in (string?[])[null, "ghp_token"])
        {
            var green = Hook.Translate("workflow_run", Payloads.WorkflowRun("completed", "success", 50), o =>
            {
                o.Token = token;
                o.CompleteWorkflows.Add(named);
            });
            Assert.Equal(!complete, Assert.Single(green.Facts).IsPartial);
        }
    }

    [Theory]
    [InlineData("push", TranslationOutcome.Facts)]
    [InlineData("merge_group", TranslationOutcome.Ignored)]
    [InlineData("pull_request", TranslationOutcome.Ignored)]
    [InlineData("workflow_dispatch", TranslationOutcome.Ignored)]
    [InlineData("schedule", TranslationOutcome.Ignored)]
    public void Only_runs_for_the_target_branch_speak_of_it(string trigger, TranslationOutcome expected) =>
        Assert.Equal(expected, Hook.Translate("workflow_run", Payloads.WorkflowRun("completed", "success", 50, trigger: trigger)).Outcome);

    [Fact]
    public void The_failure_of_an_earlier_attempt_that_arrives_last_changes_nothing()
    {
        var first = Hook.Translate("workflow_run", Payloads.WorkflowRun("completed", "failure", 50, attempt: 1));
        var second = Hook.Translate("workflow_run", Payloads.WorkflowRun("completed", "success", 70, attempt: 2));
        Assert.Equal(GateStatus.Passed, World.Gate(Gates.MainCi, Merged, second, first).Status);
        // The other way round it does: a green first attempt does not outlive a red second one.
        var red = Hook.Translate("workflow_run", Payloads.WorkflowRun("completed", "failure", 70, attempt: 2));
        Assert.Equal(GateStatus.Failed, World.Gate(Gates.MainCi, Merged, red, Hook.Translate("workflow_run", Payloads.WorkflowRun("completed", "success", 50))).Status);
    }

    [Fact]
    public void Queued_queued_waiting_in_any_order_does_not_hold_the_run_back()
    {
        var queued = Hook.Translate("workflow_run", Payloads.WorkflowRun("queued", null, 40));
        var waiting = Hook.Translate("workflow_run", Payloads.WorkflowRun("waiting", null, 40));
        var running = Hook.Translate("workflow_run", Payloads.WorkflowRun("in_progress", null, 40));
        var done = Hook.Translate("workflow_run", Payloads.WorkflowRun("completed", "success", 50));
        Assert.Equal(GateStatus.Running, World.Gate(Gates.MainCi, Merged, running, queued, queued, waiting).Status);
        Assert.Equal(GateStatus.Passed, World.Gate(Gates.MainCi, Merged, done, running, queued, queued, waiting).Status);
    }

    [Fact]
    public void A_run_that_waits_for_approval_is_not_its_end()
    {
        var waits = Hook.Translate("workflow_run", Payloads.WorkflowRun("completed", "action_required", 40));
        Assert.Equal(Reason.AwaitingApproval, World.Gate(Gates.MainCi, Merged, waits).Reason);
        var running = Hook.Translate("workflow_run", Payloads.WorkflowRun("in_progress", null, 45));
        Assert.Equal(GateStatus.Running, World.Gate(Gates.MainCi, Merged, running, waits).Status);
    }

    [Fact]
    public void A_run_cancelled_by_the_next_push_is_neither_green_nor_red()
    {
        var cancelled = Hook.Translate("workflow_run", Payloads.WorkflowRun("completed", "cancelled", 50));
        Assert.Equal((GateStatus.Waiting, Reason.Cancelled), (World.Gate(Gates.MainCi, Merged, cancelled).Status, World.Gate(Gates.MainCi, Merged, cancelled).Reason));
    }

    [Fact]
    public void Every_piece_of_evidence_says_which_commit_of_which_repository_it_is_about()
    {
        var evidence = (Translation[])
        [
            Hook.Translate("check_run", Payloads.CheckRun("completed", "success", 40, 50)),
            Hook.Translate("status", Payloads.Status("success", 50)),
            Hook.Translate("workflow_run", Payloads.WorkflowRun("completed", "success", 50)),
            Hook.Translate("workflow_run", Payloads.WorkflowRun("completed", "success", 50, trigger: "merge_group"), static o => o.WorkflowEvents.Add("merge_group")),
            Hook.Translate("deployment", Payloads.Deployment()),
            Hook.Translate("deployment_status", Payloads.DeploymentStatus("success", 70)),
        ];
        foreach (var fact in evidence.SelectMany(static t => t.Facts))
        {
            Assert.Equal(Payloads.Landing, fact.Revision);
            string? repository = fact.Subject.Is(KeySchemes.Check) || fact.Subject.Is(KeySchemes.Commit) ? fact.Subject.Value.Split('@')[0] : fact.Attribute(FactAttributes.Repository);
            Assert.Equal("acme/web", repository);
        }
    }
}
