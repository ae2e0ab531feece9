using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>A merge queue is what the merged gate waits for, and its CI is not main's.</summary>
public sealed class MergeQueueTests : IDisposable
{
    private static readonly Key Change = Key.PullRequest("acme/web", 12);
    private readonly FakeGitHub _github = new();

    public void Dispose() => _github.Dispose();

    [Fact]
    public void The_merged_gate_waits_for_the_queue_says_why_it_was_dropped_and_passes_when_it_is_merged()
    {
        var enqueued = Hook.Translate("pull_request", Payloads.Enqueued());
        var gate = World.Gate(Gates.Merged, enqueued);
        Assert.Equal((GateStatus.Waiting, "in the merge queue"), (gate.Status, gate.Detail));

        var dropped = Hook.Translate("pull_request", Payloads.Dequeued("CI_FAILURE"));
        gate = World.Gate(Gates.Merged, dropped, enqueued);
        Assert.Equal((GateStatus.Waiting, Reason.Inconclusive), (gate.Status, gate.Reason));
        Assert.Contains("a required check failed", gate.Detail);

        var again = Hook.Translate("pull_request", Payloads.Enqueued(40));
        Assert.Equal("in the merge queue", World.Gate(Gates.Merged, again, dropped, enqueued).Detail);
        var left = Hook.Translate("pull_request", Payloads.Dequeued("MERGE", 50));
        Assert.Equal(GateStatus.Passed, World.Gate(Gates.Merged, Hook.Translate("pull_request", Payloads.Merged(50)), left, again, dropped, enqueued).Status);
        // Closed, it waits for no queue any more, whichever delivery was lost.
        Assert.Equal(GateStatus.Failed, World.Gate(Gates.Merged, Hook.Translate("pull_request", Payloads.Closed(60)), again).Status);
    }

    [Theory]
    [InlineData("MANUAL", Reason.Cancelled)]
    [InlineData("MERGE", Reason.None)]
    [InlineData("MERGE_CONFLICT", Reason.Inconclusive)]
    [InlineData("CI_FAILURE", Reason.Inconclusive)]
    [InlineData("CI_TIMEOUT", Reason.Inconclusive)]
    [InlineData("ALREADY_MERGED", Reason.None)]
    [InlineData("QUEUE_CLEARED", Reason.Cancelled)]
    [InlineData("ROLL_BACK", Reason.Cancelled)]
    [InlineData("BRANCH_PROTECTIONS", Reason.Inconclusive)]
    [InlineData("GIT_TREE_INVALID", Reason.Inconclusive)]
    [InlineData("INVALID_MERGE_COMMIT", Reason.Inconclusive)]
    [InlineData("UNKNOWN_REMOVAL_REASON", Reason.Inconclusive)]
    [InlineData(null, Reason.Inconclusive)]
    [InlineData("SOLAR_FLARE", Reason.Unrecognized)]
    public void Each_reason_has_a_meaning_and_none_of_them_passes_or_fails_anything(string? reason, Reason expected)
    {
        var translation = Hook.Translate("pull_request", Payloads.Dequeued(reason));
        var fact = Assert.Single(translation.Facts, static f => f.Subject.Scheme == "merge-queue");
        Assert.Equal((GateStatus.Waiting, expected), (fact.Status, fact.Reason));
        Assert.False(string.IsNullOrEmpty(fact.Detail));
        Assert.Equal(expected == Reason.Unrecognized ? 1 : 0, translation.Diagnostics.Length);
    }

    [Fact]
    public async Task Polling_alone_says_what_the_deliveries_say_in_any_order_and_twice()
    {
        Translation[] deliveries = [Hook.Translate("pull_request", Payloads.Enqueued()), Hook.Translate("pull_request", Payloads.Dequeued("CI_TIMEOUT"))];
        static void Queue(GitHubOptions o) => o.FollowMergeQueue = true;
        _github.Add(Payloads.Dequeued("CI_TIMEOUT"));
        var pull = _github.Repository("acme/web")["pulls"]!["12"]!;
        pull["timelineItems"] = new JsonObject { ["nodes"] = new JsonArray(new JsonObject { ["__typename"] = "AddedToMergeQueueEvent", ["createdAt"] = Payloads.At(20) }) };
        var early = (await _github.ReadAsync(_github.Probe(Queue), null, Change)).Facts;
        pull["timelineItems"] = new JsonObject { ["nodes"] = new JsonArray(new JsonObject { ["__typename"] = "RemovedFromMergeQueueEvent", ["createdAt"] = Payloads.At(25), ["reason"] = "ci_timeout" }) };
        var polled = (await _github.ReadAsync(_github.Probe(Queue), null, Change)).Facts;
        Assert.Contains("timelineItems", _github.Queries.Last(), StringComparison.Ordinal);

        string expected = World.Text(World.Fold(polled));
        var random = new Random(12);
        for (int i = 0; i < 50; i++)
        {
            var facts = deliveries.SelectMany(static d => d.Facts).Concat(early).Concat(polled).Concat(deliveries[random.Next(2)].Facts).OrderBy(_ => random.Next()).ToList();
            Assert.Equal(expected, World.Text(World.Fold(facts)));
        }
        Assert.Equal(expected, World.Text(World.Fold(deliveries.SelectMany(static d => d.Facts))));
        // Who has no queue does not pay for one.
        await _github.ReadAsync(Change);
        Assert.DoesNotContain("timelineItems", _github.Queries.Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("checks_requested", null, false)]
    [InlineData("destroyed", "invalidated", false)]
    [InlineData("destroyed", "dequeued", false)]
    [InlineData("destroyed", "merged", true)]
    [InlineData("destroyed", "something_new", false)]
    public void A_group_is_no_evidence_and_a_reason_to_look(string action, string? reason, bool landed)
    {
        var translation = Hook.Translate("merge_group", Payloads.MergeGroup(action, reason));
        Assert.Equal(TranslationOutcome.Facts, translation.Outcome);
        Assert.Empty(translation.Facts);
        Key[] expected = landed ? [Key.Commit("acme/web", new string('e', 40)), Change] : [Change];
        Assert.Equal(expected, translation.Hints.Order());
    }

    [Theory]
    [InlineData("refs/heads/gh-readonly-queue/release/1.0/pr-7-{0}", 7)]
    [InlineData("refs/heads/gh-readonly-queue/main/pr-7-short", null)]
    [InlineData("refs/heads/gh-readonly-queue/main/pr-99999999999-{0}", null)]
    [InlineData("refs/heads/gh-readonly-queue/main/pr--7-{0}", null)]
    [InlineData("refs/heads/main/pr-7-{0}", null)]
    [InlineData("pr-7-{0}", null)]
    public void The_pull_request_of_a_group_is_named_by_the_last_part_of_its_branch(string reference, int? number)
    {
        var translation = Hook.Translate("merge_group", Payloads.MergeGroup("checks_requested", reference: string.Format(null, reference, Payloads.Head)));
        if (number is { } found) Assert.Equal(Key.PullRequest("acme/web", found), Assert.Single(translation.Hints));
        else Assert.Equal(TranslationOutcome.Ignored, translation.Outcome);
    }

    [Fact]
    public async Task The_queues_CI_is_not_mains_although_it_ran_on_the_commit_that_landed()
    {
        var merged = Hook.Translate("pull_request", Payloads.Merged(30));
        Assert.Equal(TranslationOutcome.Ignored, Hook.Translate("workflow_run", Payloads.WorkflowRun("completed", "success", 20, trigger: "merge_group")).Outcome);

        var commit = _github.Checks("SUCCESS", Payloads.CheckRun("completed", "success", 10, 20));
        Trigger(0, "merge_group");
        var landing = Key.Commit("acme/web", Payloads.Landing);
        var result = await _github.ReadAsync(landing);
        Assert.DoesNotContain(result.Facts, static f => f.Name == "rollup");
        Assert.NotEqual(GateStatus.Passed, World.Fold(merged.Facts.Concat(result.Facts))!.Gate(Gates.MainCi)!.Status);
        // Where nothing runs after the merge, the queue can be told to count.
        Assert.Equal(GateStatus.Passed, Rollup(await _github.ReadAsync(_github.Probe(static o => o.WorkflowEvents.Add("merge_group")), null, landing)).Status);

        // After the merge main is judged by its own runs alone, red or green.
        commit = _github.Checks("FAILURE", Payloads.CheckRun("completed", "failure", 10, 20), Payloads.CheckRun("completed", "success", 40, 50, 601));
        Trigger(0, "merge_group");
        Trigger(1, "push");
        Assert.Equal(GateStatus.Passed, Rollup(await _github.ReadAsync(landing)).Status);
        commit = _github.Checks("FAILURE", Payloads.CheckRun("completed", "success", 10, 20), Payloads.CheckRun("completed", "failure", 40, 50, 601));
        Trigger(0, "merge_group");
        Trigger(1, "push");
        Assert.Equal(GateStatus.Failed, Rollup(await _github.ReadAsync(landing)).Status);

        void Trigger(int at, string trigger) => commit["statusCheckRollup"]!["contexts"]!["nodes"]![at]!["checkSuite"] =
            new JsonObject { ["workflowRun"] = new JsonObject { ["event"] = trigger, ["workflow"] = new JsonObject { ["name"] = "CI" } } };
    }

    private static Fact Rollup(ProbeResult result) => Assert.Single(result.Facts, static f => f.Name == "rollup");
}
