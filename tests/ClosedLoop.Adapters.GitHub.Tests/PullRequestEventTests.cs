using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Tests;

public sealed class PullRequestEventTests
{
    private static readonly Key Change = Key.PullRequest("acme/web", 12);

    [Fact]
    public void An_opened_pull_request_is_open_and_not_merged()
    {
        var translation = Hook.Translate("pull_request", Payloads.PullRequest("opened", 5));
        Assert.Equal("pull_request.opened", translation.Event);
        var opened = translation.Only(Gates.PrOpened);
        Assert.Equal(Change, opened.Subject);
        Assert.Equal("scm:github", opened.Writer.ToString());
        Assert.Equal(GateStatus.Passed, opened.Status);
        Assert.Equal(Payloads.Head, opened.Revision);
        Assert.Equal(Payloads.Start, opened.OccurredAt);
        Assert.Equal(Payloads.Start.AddSeconds(5).ToUnixTimeMilliseconds(), opened.Ordinal.Major);
        Assert.Equal("Fix login", opened.Attribute(FactAttributes.Title));
        Assert.Equal("acme/web", opened.Attribute(FactAttributes.Repository));
        Assert.Equal("main", opened.Attribute(FactAttributes.Branch));
        Assert.Equal("https://github.com/acme/web/pull/12", opened.Evidence!.Url!.AbsoluteUri);
        Assert.Equal([Key.Branch("acme/web", "fix-login"), Key.Item("BL-42")], opened.Links);
        Assert.Equal(GateStatus.Waiting, translation.Only(Gates.Merged).Status);
        Assert.DoesNotContain(translation.Facts, static f => f.Kind == FactKinds.Landing);
        Assert.Equal([Change], translation.Hints.ToArray());
    }

    [Fact]
    public void A_test_merge_is_not_a_landing()
    {
        foreach (var payload in (JsonObject[])[Payloads.PullRequest("opened", 0), Payloads.Closed(30)])
        {
            var translation = Hook.Translate("pull_request", payload);
            Assert.DoesNotContain(translation.Facts, static f => f.Revision == Payloads.TestMerge || f.Subject.Is(KeySchemes.Commit));
        }
    }

    [Fact]
    public void A_merged_pull_request_lands_at_its_merge_commit()
    {
        var translation = Hook.Translate("pull_request", Payloads.Merged(35, merged: 30));
        var merged = translation.Only(Gates.Merged);
        Assert.Equal(GateStatus.Passed, merged.Status);
        Assert.Equal(Payloads.Landing, merged.Revision);
        Assert.Equal(Payloads.Start.AddSeconds(30), merged.OccurredAt);
        var landing = translation.Only(FactKinds.Landing);
        Assert.Equal(Key.Commit("acme/web", Payloads.Landing), landing.Subject);
        Assert.Equal([Change], landing.Links);
        Assert.Equal(Ordinal.At(Payloads.Start.AddSeconds(30)), landing.Ordinal);
        Assert.Equal("main", landing.Attribute(FactAttributes.Branch));
        Assert.Equal(GateStatus.Passed, World.Gate(Gates.Merged, translation).Status);
    }

    [Fact]
    public void A_merge_time_beside_merged_false_claims_nothing()
    {
        var translation = Hook.Translate("pull_request", Payloads.Merged(35, change: static p => p["merged"] = false));
        Assert.NotEqual(GateStatus.Passed, translation.Only(Gates.Merged).Status);
        Assert.DoesNotContain(translation.Facts, static f => f.Kind == FactKinds.Landing);
    }

    [Fact]
    public void The_list_api_has_no_merged_field_and_its_merge_time_says_the_same() =>
        Assert.Equal(
            Hook.Translate("pull_request", Payloads.Merged(35)).Facts.ToArray(),
            Hook.Translate("pull_request", Payloads.Merged(35, change: static p => p.Remove("merged"))).Facts.ToArray());

    [Fact]
    public void A_merge_without_a_merge_commit_is_merged_and_says_what_is_missing()
    {
        var translation = Hook.Translate("pull_request", Payloads.Merged(35, change: static p => p["merge_commit_sha"] = null));
        Assert.Equal(GateStatus.Passed, translation.Only(Gates.Merged).Status);
        Assert.DoesNotContain(translation.Facts, static f => f.Kind == FactKinds.Landing);
        Assert.Single(translation.Diagnostics);
    }

    [Fact]
    public void Closed_without_a_merge_is_abandoned_neither_done_nor_open()
    {
        var state = World.State(Hook.Translate("pull_request", Payloads.PullRequest("opened", 0)), Hook.Translate("pull_request", Payloads.Closed(30)));
        Assert.True(state.Abandoned);
        Assert.False(state.IsDone);
        Assert.Equal(Reason.Abandoned, state.Gate(Gates.Merged)!.Reason);
        Assert.Equal(Payloads.Start.AddSeconds(30), state.Gate(Gates.Merged)!.Since);
    }

    [Fact]
    public void Reopening_takes_back_that_it_was_abandoned()
    {
        var state = World.State(
            Hook.Translate("pull_request", Payloads.PullRequest("reopened", 50)),
            Hook.Translate("pull_request", Payloads.Closed(30)),
            Hook.Translate("pull_request", Payloads.PullRequest("opened", 0)));
        Assert.False(state.Abandoned);
        Assert.Equal(GateStatus.Waiting, state.Gate(Gates.Merged)!.Status);
    }

    [Fact]
    public void A_merge_in_the_second_of_the_last_change_wins_whatever_comes_last()
    {
        var merged = Hook.Translate("pull_request", Payloads.Merged(30));
        foreach (var other in (JsonObject[])[Payloads.PullRequest("labeled", 30), Payloads.PullRequest("synchronize", 30, static p => p["commits"] = 900), Payloads.Closed(30)])
        {
            var late = Hook.Translate("pull_request", other);
            Assert.Equal(GateStatus.Passed, World.Gate(Gates.Merged, merged, late).Status);
            Assert.Equal(World.Text(World.State(merged, late)), World.Text(World.State(late, merged)));
        }
    }

    [Fact]
    public void A_push_in_the_second_of_the_opening_gives_the_new_head()
    {
        // "0…" sorts before "a…", so that the greater content would choose the old head.
        string pushed = "0123456789abcdef0123456789abcdef01234567";
        var opened = Hook.Translate("pull_request", Payloads.PullRequest("opened", 0));
        var synchronized = Hook.Translate("pull_request", Payloads.PullRequest("synchronize", 0, p => (p["head"]!["sha"], p["commits"]) = (pushed, 2)));
        Assert.Equal(pushed, World.State(synchronized, opened).Changes.Single().Head);
        Assert.Equal(pushed, World.State(opened, synchronized).Changes.Single().Head);
    }

    [Fact]
    public void A_draft_is_running_until_it_is_ready()
    {
        var draft = Hook.Translate("pull_request", Payloads.PullRequest("opened", 0, static p => p["draft"] = true));
        var gate = World.Gate(Gates.PrOpened, draft);
        Assert.Equal((GateStatus.Running, Reason.Draft), (gate.Status, gate.Reason));
        Assert.Equal(GateStatus.Passed, World.Gate(Gates.PrOpened, draft, Hook.Translate("pull_request", Payloads.PullRequest("ready_for_review", 0))).Status);
    }

    [Fact]
    public void A_stacked_pull_request_merged_into_anothers_branch_has_not_landed()
    {
        static void OnlyMain(GitHubOptions o) => o.TargetBranches.Add("main");
        var stacked = Hook.Translate("pull_request", Payloads.Merged(35, change: static p => p["base"]!["ref"] = "feature-a"), OnlyMain);
        Assert.Equal(GateStatus.Passed, stacked.Only(Gates.PrOpened).Status);
        var merged = stacked.Only(Gates.Merged);
        Assert.Equal(GateStatus.Waiting, merged.Status);
        Assert.Contains("feature-a", merged.Detail);
        Assert.DoesNotContain(stacked.Facts, static f => f.Kind == FactKinds.Landing);
        Assert.False(World.State(stacked).Abandoned);
        Assert.Contains(Hook.Translate("pull_request", Payloads.Merged(35), OnlyMain).Facts, static f => f.Kind == FactKinds.Landing);
    }

    [Fact]
    public void A_branch_of_a_fork_is_named_by_the_fork_and_a_deleted_fork_by_the_base()
    {
        var fork = Hook.Translate("pull_request", Payloads.PullRequest("opened", 0, static p => p["head"]!["repo"] = Payloads.Repo("Ann/Web")));
        Assert.Contains(Key.Branch("ann/web", "fix-login"), fork.Only(Gates.PrOpened).Links);
        var gone = Hook.Translate("pull_request", Payloads.PullRequest("opened", 0, static p => p["head"]!["repo"] = null));
        Assert.Contains(Key.Branch("acme/web", "fix-login"), gone.Only(Gates.PrOpened).Links);
    }

    [Fact]
    public void A_state_that_GitHub_invents_later_is_no_evidence_and_is_reported()
    {
        var translation = Hook.Translate("pull_request", Payloads.PullRequest("archived", 0, static p => p["state"] = "archived"));
        Assert.Equal((GateStatus.Waiting, Reason.Unrecognized), (translation.Only(Gates.Merged).Status, translation.Only(Gates.Merged).Reason));
        Assert.Single(translation.Diagnostics);
    }

    [Fact]
    public void Another_repository_is_ignored_with_the_option_that_decides_it()
    {
        var payload = Payloads.PullRequest("opened", 0);
        payload["repository"] = Payloads.Repo("evil/web");
        var translation = Hook.Translate("pull_request", payload);
        Assert.Equal(TranslationOutcome.Ignored, translation.Outcome);
        Assert.Contains("GitHub:Repositories", translation.Detail);
        Assert.Equal(TranslationOutcome.Facts, Hook.Translate("pull_request", payload, static o => o.AllowAnyRepository = true).Outcome);
        payload["repository"] = Payloads.Repo("ACME/Web");
        Assert.Equal(Change, Hook.Translate("pull_request", payload).Only(Gates.PrOpened).Subject);
    }

    public static TheoryData<string, Action<JsonObject>> Lacking() => new()
    {
        { "pull_request.state", static p => p["pull_request"]!.AsObject().Remove("state") },
        { "pull_request.number", static p => (p["number"], p["pull_request"]!["number"]) = (null, "12") },
        { "pull_request.updated_at", static p => p["pull_request"]!["updated_at"] = "yesterday" },
        { "pull_request.head.sha", static p => p["pull_request"]!["head"]!["sha"] = "abc" },
        { "pull_request.head.ref", static p => p["pull_request"]!["head"] = new JsonObject { ["sha"] = Payloads.Head } },
        { "pull_request.base.ref", static p => p["pull_request"]!["base"] = null },
        { "pull_request", static p => p["pull_request"] = new JsonArray() },
        { "repository.full_name", static p => p.Remove("repository") },
    };

    [Theory]
    [MemberData(nameof(Lacking))]
    public void A_payload_that_lacks_what_its_contract_requires_is_malformed_by_name(string field, Action<JsonObject> change)
    {
        var translation = Hook.Translate("pull_request", Payloads.PullRequest("opened", 0).With(change));
        Assert.Equal(TranslationOutcome.Malformed, translation.Outcome);
        Assert.Contains(field, translation.Detail);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\u0000")]
    [InlineData("{\"repository\":{\"full_name\":\"acme/web\"},\"pull_request\":{\"number\":1,\"state\":\"\\ud800\"}}")]
    public void A_body_that_is_no_payload_is_malformed_and_never_throws(string body)
    {
        var translation = Hook.Translator().Translate(Hook.Delivery("pull_request", Encoding.UTF8.GetBytes(body)));
        Assert.Equal(TranslationOutcome.Malformed, translation.Outcome);
        Assert.False(string.IsNullOrEmpty(translation.Detail));
        Assert.NotNull(translation.DeliveryId);
    }

    [Fact]
    public void Every_truncation_of_a_payload_is_malformed_and_never_throws()
    {
        byte[] body = Encoding.UTF8.GetBytes(Payloads.Merged(35).ToJsonString());
        var translator = Hook.Translator();
        for (int length = 0; length < body.Length; length++)
            Assert.Equal(TranslationOutcome.Malformed, translator.Translate(Hook.Delivery("pull_request", body[..length])).Outcome);
    }
}
