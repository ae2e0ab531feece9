using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitLab.Tests;

public sealed class WebhookTests : IAsyncLifetime
{
    private FakeGitLab _gitlab = null!;

    public async Task InitializeAsync() => _gitlab = await FakeGitLab.StartAsync();

    public async Task DisposeAsync() => await _gitlab.DisposeAsync();

    [Fact]
    public void An_opened_merge_request_links_its_item_and_its_branch()
    {
        var translation = Given.Translate(_gitlab.Open(4, 10));
        var opened = translation.Only(Gates.PrOpened);
        Assert.Equal("merge_request.open", translation.Event);
        Assert.Equal((GateStatus.Passed, FakeGitLab.Sha(10), "pr:acme/platform/web#4"), (opened.Status, opened.Revision, opened.Subject.ToString()));
        Assert.Equal(["branch:acme/platform/web@fix-4", "item:BL-42"], opened.Links.Select(static k => k.ToString()));
        Assert.Equal(Given.Start, opened.OccurredAt);
        Assert.Equal(GateStatus.Waiting, translation.Only(Gates.Merged).Status);
        Assert.Equal(Key.PullRequest(FakeGitLab.Project, 4), Assert.Single(translation.Hints));
    }

    [Fact]
    public void A_draft_is_running_and_an_update_brings_the_new_head()
    {
        Assert.Equal((GateStatus.Running, Reason.Draft), Outcome(Given.Translate(_gitlab.Open(4, 10, draft: true)).Only(Gates.PrOpened)));
        _gitlab.Clock.Advance(TimeSpan.FromMinutes(1));
        var updated = Given.Translate(_gitlab.Update(4, static m => (m["draft"], m["sha"]) = (false, FakeGitLab.Sha(11)))).Only(Gates.PrOpened);
        Assert.Equal((GateStatus.Passed, FakeGitLab.Sha(11)), (updated.Status, updated.Revision));
    }

    [Fact]
    public void A_merge_names_where_it_landed_and_closing_is_no_merge()
    {
        _gitlab.Open(4, 10);
        var merged = Given.Translate(_gitlab.Merge(4, 20));
        Assert.Equal((GateStatus.Passed, FakeGitLab.Sha(20)), (merged.Only(Gates.Merged).Status, merged.Only(Gates.Merged).Revision));
        var landing = merged.Only(FactKinds.Landing);
        Assert.Equal(Key.Commit(FakeGitLab.Project, FakeGitLab.Sha(20)), landing.Subject);
        Assert.Equal([Key.PullRequest(FakeGitLab.Project, 4)], landing.Links);
        _gitlab.Open(5, 11);
        Assert.Equal((GateStatus.Failed, Reason.Abandoned), Outcome(Given.Translate(_gitlab.Update(5, static m => m["state"] = "closed", "close")).Only(Gates.Merged)));
    }

    [Fact]
    public void A_later_event_of_a_merged_one_takes_the_time_of_the_merge_not_away()
    {
        _gitlab.Open(4, 10);
        var merged = Given.Translate(_gitlab.Merge(4, 20));
        _gitlab.Clock.Advance(TimeSpan.FromHours(3));
        var labelled = Given.Translate(_gitlab.Update(4, static _ => { }));
        foreach (string kind in new[] { Gates.Merged, FactKinds.Landing }) Assert.Equal(merged.Only(kind), FactJoin.Join(labelled.Only(kind), merged.Only(kind)));
    }

    [Fact]
    public void A_fast_forward_merge_passes_without_guessing_where_it_landed()
    {
        _gitlab.Open(4, 10);
        var merged = Given.Translate(_gitlab.Merge(4, 20).With(static h => h.Attributes()["merge_commit_sha"] = null));
        Assert.Equal(GateStatus.Passed, merged.Only(Gates.Merged).Status);
        Assert.DoesNotContain(merged.Facts, static f => f.Kind == FactKinds.Landing);
        Assert.Contains("where it landed is not said", Assert.Single(merged.Diagnostics), StringComparison.Ordinal);
    }

    [Fact]
    public void The_merge_commit_of_what_is_not_merged_is_never_read()
    {
        var hook = _gitlab.Open(4, 10).With(static h => h.Attributes()["merge_commit_sha"] = FakeGitLab.Sha(99));
        Assert.DoesNotContain(Given.Translate(hook).Facts, static f => f.Kind == FactKinds.Landing || f.Revision == FakeGitLab.Sha(99));
    }

    [Theory]
    [InlineData("approved", GateStatus.Passed, Reason.None)]
    [InlineData("approval", GateStatus.Running, Reason.Partial)]
    [InlineData("unapproval", GateStatus.Waiting, Reason.Inconclusive)]
    [InlineData("unapproved", GateStatus.Waiting, Reason.Inconclusive)]
    public void Approved_means_that_all_rules_are_met_and_approval_that_one_person_did(string action, GateStatus status, Reason reason)
    {
        _gitlab.Open(4, 10);
        var reviewed = Given.Translate(_gitlab.Hook(4, action)).Only(Gates.Reviewed);
        Assert.Equal((status, reason, FakeGitLab.Sha(10)), (reviewed.Status, reviewed.Reason, reviewed.Revision));
    }

    [Fact]
    public void An_author_who_approves_alone_is_no_review_unless_configured()
    {
        _gitlab.Open(4, 10);
        var hook = _gitlab.Approve(4, user: 7);
        Assert.Equal((GateStatus.Waiting, Reason.Inconclusive), Outcome(Given.Translate(hook).Only(Gates.Reviewed)));
        Assert.Equal(GateStatus.Passed, Given.Translate(hook, static o => o.CountAuthorApprovals = true).Only(Gates.Reviewed).Status);
    }

    [Fact]
    public void Requested_changes_fail_even_where_others_approved_and_are_taken_back()
    {
        _gitlab.Open(4, 10);
        _gitlab.Reviewers[4] = [new JsonObject { ["id"] = 9, ["state"] = "requested_changes" }];
        Assert.Equal(GateStatus.Failed, Given.Translate(_gitlab.Approve(4)).Only(Gates.Reviewed).Status);
        var again = _gitlab.Hook(4, "update").With(static h =>
        {
            h["reviewers"]![0]!["state"] = "unreviewed";
            h["changes"]!["reviewers"] = new JsonObject { ["previous"] = new JsonArray(new JsonArray(new JsonObject { ["id"] = 9, ["state"] = "requested_changes" })), ["current"] = new JsonArray() };
        });
        Assert.Equal((GateStatus.Waiting, Reason.Inconclusive), Outcome(Given.Translate(again).Only(Gates.Reviewed)));
    }

    [Theory]
    [InlineData("created", GateStatus.Running, Reason.None)]
    [InlineData("waiting_for_resource", GateStatus.Running, Reason.None)]
    [InlineData("preparing", GateStatus.Running, Reason.None)]
    [InlineData("pending", GateStatus.Running, Reason.None)]
    [InlineData("running", GateStatus.Running, Reason.None)]
    [InlineData("canceling", GateStatus.Running, Reason.None)]
    [InlineData("scheduled", GateStatus.Running, Reason.None)]
    [InlineData("manual", GateStatus.Waiting, Reason.AwaitingApproval)]
    [InlineData("success", GateStatus.Passed, Reason.None)]
    [InlineData("failed", GateStatus.Failed, Reason.None)]
    [InlineData("canceled", GateStatus.Waiting, Reason.Cancelled)]
    [InlineData("skipped", GateStatus.Waiting, Reason.Skipped)]
    [InlineData("Success", GateStatus.Waiting, Reason.Unrecognized)]
    [InlineData("exploded", GateStatus.Waiting, Reason.Unrecognized)]
    public void A_pipeline_says(string word, GateStatus status, Reason reason)
    {
        var translation = Given.Translate(_gitlab.Pipeline(31, 20, word));
        var fact = translation.Only(Gates.MainCi);
        Assert.Equal((status, reason, FakeGitLab.Sha(20), false), (fact.Status, fact.Reason, fact.Revision, fact.IsPartial));
        Assert.Equal([Key.Commit(FakeGitLab.Project, FakeGitLab.Sha(20))], fact.Links);
        Assert.Equal(reason == Reason.Unrecognized ? 1 : 0, translation.Diagnostics.Length);
    }

    [Theory]
    [InlineData("refs/merge-requests/4/merge", "merge_request_event")]
    [InlineData("refs/merge-requests/4/train", "merge_request_event")]
    [InlineData("refs/merge-requests/4/head", "push")]
    [InlineData("main", "merge_request_event")]
    [InlineData("main", "schedule")]
    [InlineData("main", "parent_pipeline")]
    [InlineData("fix-4", "push")]
    public void A_pipeline_of_something_else_than_a_push_to_the_line_is_ignored(string reference, string source)
    {
        var translation = Given.Translate(_gitlab.Pipeline(31, 20, "success", reference, source));
        Assert.Equal((TranslationOutcome.Ignored, 0), (translation.Outcome, translation.Facts.Length));
        Assert.NotNull(translation.Detail);
    }

    [Fact]
    public void A_job_that_is_run_again_takes_the_pipeline_back_and_a_late_delivery_does_not()
    {
        var running = Step(() => _gitlab.Pipeline(31, 20, "running"));
        var success = Step(() => _gitlab.Pipeline(31, 20, "success"));
        var retried = Step(() => _gitlab.Pipeline(31, 20, "running"));
        var failed = Step(() => _gitlab.Pipeline(31, 20, "failed"));
        Assert.True(running.Ordinal < success.Ordinal && success.Ordinal < retried.Ordinal && retried.Ordinal < failed.Ordinal);
        Assert.Equal(GateStatus.Running, FactJoin.Join(retried, FactJoin.Join(success, running)).Status);

        Fact Step(Func<JsonObject> change)
        {
            _gitlab.Clock.Advance(TimeSpan.FromMinutes(2));
            return Given.Translate(change()).Only(Gates.MainCi);
        }
    }

    [Fact]
    public void A_success_with_a_job_that_may_fail_passes_and_says_so()
    {
        var hook = _gitlab.Pipeline(31, 20, "success").With(static h => h["builds"]!.AsArray().Add(new JsonObject { ["id"] = 3, ["name"] = "lint", ["status"] = "failed", ["allow_failure"] = true }));
        var fact = Given.Translate(hook).Only(Gates.MainCi);
        Assert.Equal(GateStatus.Passed, fact.Status);
        Assert.Contains("with warnings", fact.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("created", GateStatus.Running, Reason.None)]
    [InlineData("blocked", GateStatus.Waiting, Reason.AwaitingApproval)]
    [InlineData("running", GateStatus.Running, Reason.None)]
    [InlineData("success", GateStatus.Passed, Reason.None)]
    [InlineData("failed", GateStatus.Failed, Reason.None)]
    [InlineData("canceled", GateStatus.Waiting, Reason.Cancelled)]
    [InlineData("skipped", GateStatus.Waiting, Reason.Skipped)]
    [InlineData("teleported", GateStatus.Waiting, Reason.Unrecognized)]
    public void A_deployment_says(string word, GateStatus status, Reason reason)
    {
        var fact = Given.Translate(_gitlab.Deploy(15, 20, word)).Only(Gates.RolledOut);
        Assert.Equal((status, reason, FakeGitLab.Sha(20), "production"), (fact.Status, fact.Reason, fact.Revision, fact.Environment));
        Assert.Equal((Given.Start, "deployment:gitlab/acme/platform/web/15"), (fact.OccurredAt, fact.Subject.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https://git.example/acme/platform/web/-/commit/00000014")]
    [InlineData("https://git.example/acme/platform/web/-/tree/main")]
    [InlineData("https://git.example/acme/platform/web/-/commit/ffffffffffffffffffffffffffffffffffffffff")]
    public void A_deployment_whose_commit_is_not_whole_says_nothing(string? url)
    {
        var translation = Given.Translate(_gitlab.Deploy(15, 20, "success").With(h => h["commit_url"] = url));
        Assert.Equal((TranslationOutcome.Ignored, 0), (translation.Outcome, translation.Facts.Length));
    }

    [Fact]
    public void A_push_straight_to_the_line_lands_the_items_that_it_names_and_asks_for_a_look_at_the_line()
    {
        var translation = Given.Translate(_gitlab.Push(21, (20, "One\n\nWork-Item: BL-7"), (21, $"Revert \"X\"\n\nThis reverts commit {FakeGitLab.Sha(5)}.")));
        Assert.Equal(["item:BL-7"], translation.Only(FactKinds.Landing).Links.Select(static k => k.ToString()));
        Assert.Equal(FakeGitLab.Sha(21), translation.Only(FactKinds.Landing).Revision);
        Assert.Equal($"commit:acme/platform/web@{FakeGitLab.Sha(5)}", translation.Only(FactKinds.Revert).Attribute(FactAttributes.Reverts));
        Assert.Contains(Key.Branch(FakeGitLab.Project, "main"), translation.Hints);
        Assert.DoesNotContain(translation.Facts, static f => f.Kind == FactKinds.Head);
    }

    [Fact]
    public void A_merge_commit_is_no_direct_landing_and_a_merge_request_that_landed_wins_over_one()
    {
        Assert.DoesNotContain(Given.Translate(_gitlab.Push(21, (21, "Merge branch 'fix-4' into 'main'\n\nWork-Item: BL-7\n\nSee merge request acme/platform/web!4"))).Facts, static f => f.Kind == FactKinds.Landing);
        var direct = Given.Translate(_gitlab.Push(20, (20, "Work-Item: BL-7"))).Only(FactKinds.Landing);
        _gitlab.Open(4, 10);
        var merged = Given.Translate(_gitlab.Merge(4, 20)).Only(FactKinds.Landing);
        Assert.Equal(merged, FactJoin.Join(direct, merged));
    }

    [Fact]
    public void What_had_landed_by_a_merge_request_does_not_land_again_with_the_push_that_brings_it_back()
    {
        var push = _gitlab.Push(21, (20, "Merge branch 'fix-4' into 'main'\n\nWork-Item: BL-7\n\nSee merge request acme/platform/web!4"), (21, "Bring back what was pushed over"));
        Assert.DoesNotContain(Given.Translate(push).Facts, static f => f.Kind is FactKinds.Landing or Gates.Merged);
    }

    [Fact]
    public void A_deleted_branch_a_tag_and_another_branch_are_ignored()
    {
        Assert.Equal(TranslationOutcome.Ignored, Given.Translate(_gitlab.Push(21).With(static h => h["after"] = new string('0', 40))).Outcome);
        Assert.Equal(TranslationOutcome.Ignored, Given.Translate(_gitlab.Push(21).With(static h => h["ref"] = "refs/tags/v1")).Outcome);
        Assert.Equal(TranslationOutcome.Ignored, Given.Translate(_gitlab.Push(21).With(static h => h["ref"] = "refs/heads/fix-4")).Outcome);
        foreach (string kind in new[] { "build", "note", "tag_push", "wiki_page", "emoji" })
            Assert.Equal(TranslationOutcome.Ignored, Given.Translate(new JsonObject { ["object_kind"] = kind }).Outcome);
    }

    [Fact]
    public void Another_project_is_ignored_and_a_revert_names_the_merge_request()
    {
        Assert.Equal(TranslationOutcome.Ignored, Given.Translate(_gitlab.Open(4, 10), static o =>
        {
            o.Projects.Clear();
            o.Projects.Add("acme/web");
        }).Outcome);
        var reverting = Given.Translate(_gitlab.Open(6, 10, "This reverts merge request !4")).Only(FactKinds.Revert);
        Assert.Equal("pr:acme/platform/web#4", reverting.Attribute(FactAttributes.Reverts));
        Assert.DoesNotContain(Given.Translate(_gitlab.Open(7, 10, "As we said, this reverts merge request !4 somehow")).Facts, static f => f.Kind == FactKinds.Revert && f.Status == GateStatus.Passed);
    }

    [Fact]
    public void A_delivery_is_known_by_its_own_id_and_never_by_that_of_its_event()
    {
        var hook = _gitlab.Open(4, 10);
        var other = _gitlab.Open(5, 10);
        Assert.Equal("id-1", Id(hook, ("webhook-id", "id-1"), ("Idempotency-Key", "id-2"), ("X-Gitlab-Event-UUID", "e")));
        Assert.Equal("id-2", Id(hook, ("Idempotency-Key", "id-2"), ("X-Gitlab-Event-UUID", "e")));
        string? one = Id(hook, ("X-Gitlab-Event-UUID", "e"), ("X-Gitlab-Webhook-UUID", "w"));
        Assert.Equal(one, Id(hook, ("X-Gitlab-Event-UUID", "e"), ("X-Gitlab-Webhook-UUID", "w")));
        Assert.NotEqual(one, Id(other, ("X-Gitlab-Event-UUID", "e"), ("X-Gitlab-Webhook-UUID", "w")));
        Assert.NotEqual(one, Id(hook, ("X-Gitlab-Event-UUID", "e"), ("X-Gitlab-Webhook-UUID", "w2")));
        Assert.Null(Id(hook));

        static string? Id(JsonObject payload, params (string, string)[] headers) => Given.Translator().Translate(Given.Delivery(payload, headers)).DeliveryId;
    }

    private static (GateStatus, Reason) Outcome(Fact fact) => (fact.Status, fact.Reason);
}
