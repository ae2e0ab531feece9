using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Gitea.Tests;

public sealed class WebhookTests : IAsyncLifetime
{
    private FakeGitea _gitea = null!;

    public async Task InitializeAsync() => _gitea = await FakeGitea.StartAsync();

    public async Task DisposeAsync() => await _gitea.DisposeAsync();

    [Theory]
    [InlineData("Gitea")]
    [InlineData("Forgejo")]
    public void An_opened_pull_request_links_its_item_and_its_branch(string system)
    {
        var translation = Given.Translator().Translate(Given.Delivery(_gitea.Open(7, 10), system: system));
        var opened = translation.Only(Gates.PrOpened);
        Assert.Equal(("pull_request.opened", "f6266f16-1bf3-46a5-9ea4-602e06ead473"), (translation.Event, translation.DeliveryId));
        Assert.Equal((GateStatus.Passed, FakeGitea.Sha(10), "pr:acme/web#7"), (opened.Status, opened.Revision, opened.Subject.ToString()));
        Assert.Equal(["branch:acme/web@fix-7", "item:BL-42"], opened.Links.Select(static k => k.ToString()));
        Assert.Equal(Key.PullRequest(FakeGitea.Repository, 7), Assert.Single(translation.Hints));
    }

    [Fact]
    public void Synchronized_brings_the_new_head_and_a_title_can_make_a_draft()
    {
        _gitea.Open(7, 10);
        Assert.Equal(FakeGitea.Sha(11), Given.Translate(_gitea.Synchronize(7, 11)).Only(Gates.PrOpened).Revision);
        foreach (string title in new[] { "WIP: a change", "[wip] a change" })
            Assert.Equal(Reason.Draft, Given.Translate(_gitea.Open(8, 10, title: title)).Only(Gates.PrOpened).Reason);
    }

    [Fact]
    public void Merged_is_closed_with_merged_and_names_its_landing()
    {
        _gitea.Open(7, 10);
        var merged = Given.Translate(_gitea.Merge(7, 20));
        Assert.Equal((GateStatus.Passed, FakeGitea.Sha(20)), (merged.Only(Gates.Merged).Status, merged.Only(Gates.Merged).Revision));
        Assert.Equal(Key.Commit(FakeGitea.Repository, FakeGitea.Sha(20)), merged.Only(FactKinds.Landing).Subject);
        _gitea.Open(8, 10);
        var closed = Given.Translate(_gitea.Update(8, static p => (p["state"], p["merge_commit_sha"]) = ("closed", FakeGitea.Sha(30)), "closed"));
        Assert.Equal(Reason.Abandoned, closed.Only(Gates.Merged).Reason);
        Assert.DoesNotContain(closed.Facts, static f => f.Kind == FactKinds.Landing);
    }

    [Theory]
    [InlineData("APPROVED", GateStatus.Passed)]
    [InlineData("REQUEST_CHANGES", GateStatus.Failed)]
    public void A_review_is_who_sent_it_and_what_its_type_says(string state, GateStatus status)
    {
        _gitea.Open(7, 10);
        var translation = Given.Translate(_gitea.Review(7, state));
        var fact = translation.Only(Gates.Reviewed);
        Assert.Equal((status, "bob", "review:acme/web#7/bob"), (fact.Status, fact.Name, fact.Subject.ToString()));
        Assert.Contains(Key.PullRequest(FakeGitea.Repository, 7), translation.Hints);
    }

    [Fact]
    public void A_review_without_a_time_only_asks_for_a_look_and_one_by_the_author_or_a_comment_counts_not()
    {
        _gitea.Open(7, 10);
        var old = Given.Translate(_gitea.Review(7, "APPROVED").With(static h =>
        {
            ((JsonObject)h["pull_request"]!).Remove("updated_at");
            ((JsonObject)h["pull_request"]!).Remove("merged");
        }));
        Assert.Equal((TranslationOutcome.Facts, 0, 1), (old.Outcome, old.Facts.Length, old.Hints.Length));
        Assert.Empty(Given.Translate(_gitea.Review(7, "APPROVED", "Ann")).Facts);
        Assert.Empty(Given.Translate(_gitea.Review(7, "COMMENT")).Facts);
    }

    [Theory]
    [InlineData("updated_at")]
    [InlineData("created_at")]
    [InlineData("state")]
    public void A_pull_request_that_an_older_version_sends_without_its_times_is_read_and_not_quarantined(string field)
    {
        var hook = _gitea.Open(7, 10).With(h => ((JsonObject)h["pull_request"]!).Remove(field));
        var translation = Given.Translate(hook);
        Assert.Equal((TranslationOutcome.Facts, 0, 1, 1), (translation.Outcome, translation.Facts.Length, translation.Hints.Length, translation.Diagnostics.Length));
        Assert.Empty(Given.Translate(hook, static o => o.Token = FakeGitea.Token).Diagnostics);
    }

    [Theory]
    [InlineData("success", GateStatus.Passed, Reason.None)]
    [InlineData("failure", GateStatus.Failed, Reason.None)]
    [InlineData("error", GateStatus.Failed, Reason.None)]
    [InlineData("pending", GateStatus.Running, Reason.None)]
    [InlineData("warning", GateStatus.Waiting, Reason.Inconclusive)]
    [InlineData("skipped", GateStatus.Waiting, Reason.Skipped)]
    [InlineData("SUCCESS", GateStatus.Waiting, Reason.Unrecognized)]
    public void A_status_alone_is_a_part_unless_it_is_named_complete(string state, GateStatus status, Reason reason)
    {
        var hook = _gitea.Status(20, "ci/woodpecker", state);
        var fact = Given.Translate(hook).Only(Gates.MainCi);
        Assert.Equal((status, reason, true, FakeGitea.Sha(20)), (fact.Status, fact.Reason, fact.IsPartial, fact.Revision));
        Assert.False(Given.Translate(hook, static o => o.CompleteChecks.Add("ci/woodpecker")).Only(Gates.MainCi).IsPartial);
    }

    [Fact]
    public void A_status_of_a_pull_request_says_nothing_of_the_line() => Assert.Empty(Given.Translate(_gitea.Status(20, "CI / test (pull_request)", "success")).Facts);

    [Theory]
    [InlineData("queued", null, GateStatus.Running, Reason.None)]
    [InlineData("in_progress", null, GateStatus.Running, Reason.None)]
    [InlineData("completed", "success", GateStatus.Passed, Reason.None)]
    [InlineData("completed", "failure", GateStatus.Failed, Reason.None)]
    [InlineData("completed", "cancelled", GateStatus.Waiting, Reason.Cancelled)]
    [InlineData("completed", "skipped", GateStatus.Waiting, Reason.Skipped)]
    [InlineData("completed", null, GateStatus.Waiting, Reason.Inconclusive)]
    [InlineData("completed", "splendid", GateStatus.Waiting, Reason.Unrecognized)]
    [InlineData("dreaming", "success", GateStatus.Waiting, Reason.Unrecognized)]
    public void A_workflow_run_says(string word, string? conclusion, GateStatus status, Reason reason)
    {
        var fact = Given.Translate(_gitea.Run(5, 20, word, conclusion)).Only(Gates.MainCi);
        Assert.Equal((status, reason, false, "workflow ci.yml"), (fact.Status, fact.Reason, fact.IsPartial, fact.Name));
        Assert.Equal(Given.Start, fact.OccurredAt);
        // With a token all statuses of the commit are the verdict, unless it is named.
        var part = Given.Translate(_gitea.Run(5, 20, word, conclusion), static o => o.Token = FakeGitea.Token);
        Assert.Equal((0, word == "completed" ? 1 : 0), (part.Facts.Length, part.Hints.Length));
        Assert.Equal(fact, Given.Translate(_gitea.Run(5, 20, word, conclusion), static o =>
        {
            o.Token = FakeGitea.Token;
            o.CompleteChecks.Add("ci.yml");
        }).Only(Gates.MainCi));
    }

    [Fact]
    public void A_run_again_is_newer_than_the_run_before_and_one_for_a_pull_request_is_ignored()
    {
        var first = Given.Translate(_gitea.Run(5, 20, "completed", "success")).Only(Gates.MainCi);
        var again = Given.Translate(_gitea.Run(5, 20, "in_progress", attempt: 2)).Only(Gates.MainCi);
        Assert.True(first.Ordinal < again.Ordinal);
        Assert.Equal(TranslationOutcome.Ignored, Given.Translate(_gitea.Run(6, 20, "completed", "success", "pull_request")).Outcome);
        Assert.Equal(TranslationOutcome.Ignored, Given.Translate(_gitea.Run(6, 20, "completed", "success", branch: "fix-7")).Outcome);
    }

    [Fact]
    public void A_push_lands_what_its_commits_name_and_a_merge_of_Gitea_does_not()
    {
        var push = Given.Translate(_gitea.Push(21, (20, "Work-Item: BL-7"), (21, "Two")));
        Assert.Equal(["item:BL-7"], push.Only(FactKinds.Landing).Links.Select(static k => k.ToString()));
        Assert.Contains(Key.Branch(FakeGitea.Repository, "main"), push.Hints);
        foreach (string title in new[] { "Merge pull request 'A change' (#7) from fix-7 into main", "A change (#7)" })
            Assert.DoesNotContain(Given.Translate(_gitea.Push(21, (21, title + "\n\nWork-Item: BL-7"))).Facts, static f => f.Kind == FactKinds.Landing);
    }

    [Fact]
    public void What_had_landed_by_a_pull_request_does_not_land_again_with_the_push_that_brings_it_back()
    {
        var push = _gitea.Push(21, (20, "A change (#7)\n\nWork-Item: BL-7"), (21, "Bring back what was pushed over"));
        Assert.DoesNotContain(Given.Translate(push).Facts, static f => f.Kind is FactKinds.Landing or Gates.Merged);
    }

    [Fact]
    public void A_pull_request_reverts_the_commits_that_git_revert_named_in_its_description()
    {
        string undone = FakeGitea.Sha(20);
        var reverting = Given.Translate(_gitea.Open(8, 30, $"This reverts commit {undone}, reversing\nchanges made to {FakeGitea.Sha(1)}.\n", "Revert \"A change\"")).Only(FactKinds.Revert);
        Assert.Equal(($"commit:acme/web@{undone}", GateStatus.Passed), (reverting.Attribute(FactAttributes.Reverts), reverting.Status));
        Assert.Equal("pull-request", reverting.Attribute(FactAttributes.How));
        foreach (string body in new[] { $"It is not so that this reverts commit {undone}.", $"```\nThis reverts commit {undone}.\n```", $"<!--\nThis reverts commit {undone}.\n-->", "This reverts commit 0123456." })
            Assert.DoesNotContain(Given.Translate(_gitea.Open(9, 30, body)).Facts, static f => f.Kind == FactKinds.Revert && f.Status == GateStatus.Passed);
    }

    [Fact]
    public void A_form_is_read_like_JSON()
    {
        var json = _gitea.Open(7, 10, "Fünf & mehr = 100 %\n\nWork-Item: BL-42");
        var delivery = Given.Delivery(json);
        byte[] form = Encoding.UTF8.GetBytes("payload=" + Uri.EscapeDataString(Encoding.UTF8.GetString(delivery.Body.Span)));
        var headers = new Dictionary<string, string>(delivery.Headers, StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = "application/x-www-form-urlencoded" };
        Assert.Equal(Given.Translate(json).Facts.AsEnumerable(), Given.Translator().Translate(delivery with { Body = form, Headers = headers }).Facts.AsEnumerable());
        Assert.Equal(TranslationOutcome.Malformed, Given.Translator().Translate(delivery with { Body = Encoding.UTF8.GetBytes("other=1"), Headers = headers }).Outcome);
    }

    [Fact]
    public void What_GitHub_sends_and_other_events_and_repositories_are_not_read()
    {
        var delivery = Given.Delivery(_gitea.Open(7, 10));
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["X-GitHub-Event"] = "pull_request" };
        Assert.Equal(TranslationOutcome.Malformed, Given.Translator().Translate(delivery with { Headers = headers }).Outcome);
        foreach (string name in new[] { "create", "delete", "fork", "release", "package", "issues", "workflow_job", "something_new" })
            Assert.Equal(TranslationOutcome.Ignored, Given.Translator().Translate(Given.Delivery("{}"u8.ToArray(), name)).Outcome);
        Assert.Equal(TranslationOutcome.Ignored, Given.Translate(_gitea.Open(7, 10), static o =>
        {
            o.Repositories.Clear();
            o.Repositories.Add("acme/api");
        }).Outcome);
    }
}
