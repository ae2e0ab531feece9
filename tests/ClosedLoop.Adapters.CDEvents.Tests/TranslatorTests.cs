using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.CDEvents.Tests;

/// <summary>What each event says.</summary>
public sealed class TranslatorTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_change_that_was_created_is_open_and_names_its_item(bool old)
    {
        var fact = Given.Translate(Given.Change("created", 12, 1, new JsonObject { ["item"] = "BL-7" }, old)).Gate(Gates.PrOpened);
        Assert.Equal((Key.PullRequest("acme/web", 12), GateStatus.Passed, new Writer("scm", "git"), Given.At(1)), (fact.Subject, fact.Status, fact.Writer, fact.OccurredAt));
        Assert.Equal([Key.Item("BL-7")], fact.Links);
    }

    [Fact]
    public void A_merged_change_passes_and_its_commit_is_its_landing()
    {
        var translation = Given.Translate(Given.Change("merged", 12, 5, new JsonObject { ["commit"] = Given.Sha('A'), ["branch"] = "main" }));
        Assert.Equal((GateStatus.Passed, Given.Sha('a')), (translation.Gate(Gates.Merged).Status, translation.Gate(Gates.Merged).Revision));
        var landing = translation.Gate(FactKinds.Landing);
        Assert.Equal((Key.Commit("acme/web", Given.Sha('a')), "main"), (landing.Subject, landing.Attribute(FactAttributes.Branch)));
        Assert.Equal([Key.PullRequest("acme/web", 12)], landing.Links);
    }

    [Fact]
    public void A_merge_without_a_commit_passes_and_says_that_nothing_after_it_can_be_tied_to_it()
    {
        var translation = Given.Translate(Given.Change("merged", 12, 5));
        Assert.Equal(GateStatus.Passed, translation.Gate(Gates.Merged).Status);
        Assert.Contains("customData.commit names no commit", Assert.Single(translation.Diagnostics), StringComparison.Ordinal);
    }

    [Fact]
    public void A_merged_commit_without_a_pull_request_is_a_landing_by_itself()
    {
        var translation = Given.Translate(Given.Event("change.merged", Given.Host, Given.Sha('b'), new JsonObject { ["repository"] = new JsonObject { ["id"] = "acme/web" } }));
        Assert.Equal(FactKinds.Landing, Assert.Single(translation.Facts).Kind);
    }

    [Fact]
    public void An_abandoned_change_fails_and_one_that_is_created_again_takes_it_back()
    {
        var abandoned = Given.Translate(Given.Change("abandoned", 12, 5)).Gate(Gates.Merged);
        Assert.Equal((GateStatus.Failed, Reason.Abandoned), (abandoned.Status, abandoned.Reason));
        var again = Given.Translate(Given.Change("created", 12, 9)).Gate(Gates.Merged);
        Assert.Equal(GateStatus.Waiting, FactJoin.Join(abandoned, again).Status);
        // An update of a merged or closed change says nothing of the kind.
        Assert.DoesNotContain(Given.Translate(Given.Change("updated", 12, 9)).Facts, static f => f.Kind == Gates.Merged);
    }

    [Theory]
    [InlineData("12")]
    [InlineData("#12")]
    [InlineData("!12")]
    [InlineData("acme/web#12")]
    [InlineData("refs/pull/12/head")]
    [InlineData("https://git.acme.example/acme/web/pulls/12")]
    [InlineData("https://git.acme.example/acme/web/-/merge_requests/12")]
    public void Pull_requests_are_known_by_their_number_however_it_is_written(string id) =>
        Assert.Equal(Key.PullRequest("acme/web", 12), Given.Translate(Given.Event("change.created", Given.Host, id)).Gate(Gates.PrOpened).Subject);

    [Theory]
    [InlineData("featureBranch123")]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("releases/12")]
    [InlineData("99999999999999999999")]
    public void Other_ids_are_no_pull_requests(string id) => Assert.Equal(TranslationOutcome.Ignored, Given.Translate(Given.Event("change.created", Given.Host, id)).Outcome);

    [Theory]
    [InlineData("approved", GateStatus.Passed, Reason.None)]
    [InlineData("changes_requested", GateStatus.Failed, Reason.None)]
    [InlineData("dismissed", GateStatus.Waiting, Reason.Inconclusive)]
    [InlineData("lgtm-ish", GateStatus.Waiting, Reason.Unrecognized)]
    [InlineData(null, GateStatus.Waiting, Reason.Inconclusive)]
    public void A_review_is_what_its_decision_says_and_no_approval_without_one(string? decision, GateStatus status, Reason reason)
    {
        var custom = new JsonObject { ["reviewer"] = "Ann" };
        if (decision is not null) custom["decision"] = decision;
        var fact = Given.Translate(Given.Change("reviewed", 12, 5, custom)).Gate(Gates.Reviewed);
        Assert.Equal((status, reason, Key.Review("acme/web", 12, "ann")), (fact.Status, fact.Reason, fact.Subject));
    }

    [Fact]
    public void A_review_is_an_approval_where_the_source_says_so() =>
        Assert.Equal(GateStatus.Passed, Given.Translate(Given.Change("reviewed", 12, 5), static o => o.Sources[0].ReviewMeansApproval = true).Gate(Gates.Reviewed).Status);

    [Theory]
    [InlineData("success", GateStatus.Passed, Reason.None)]
    [InlineData("pass", GateStatus.Passed, Reason.None)]
    [InlineData("failure", GateStatus.Failed, Reason.None)]
    [InlineData("fail", GateStatus.Failed, Reason.None)]
    [InlineData("error", GateStatus.Failed, Reason.None)]
    [InlineData("cancel", GateStatus.Waiting, Reason.Cancelled)]
    [InlineData("SUCCESS", GateStatus.Waiting, Reason.Unrecognized)]
    [InlineData("mostly", GateStatus.Waiting, Reason.Unrecognized)]
    [InlineData(null, GateStatus.Waiting, Reason.Unrecognized)]
    public void A_finished_run_is_its_outcome(string? outcome, GateStatus status, Reason reason)
    {
        var translation = Given.Translate(Given.Run("finished", "run-1", 5, outcome, Given.Commit('a')));
        var fact = translation.Gate(Gates.MainCi);
        Assert.Equal((status, reason, false), (fact.Status, fact.Reason, fact.IsPartial));
        Assert.Equal([Key.Commit("acme/web", Given.Sha('a'))], fact.Links);
        Assert.Equal(reason == Reason.Unrecognized ? 1 : 0, translation.Diagnostics.Length);
    }

    [Theory]
    [InlineData(true, "fail", GateStatus.Failed)]
    [InlineData(false, "failure", GateStatus.Failed)]
    [InlineData(true, "pass", GateStatus.Passed)]
    [InlineData(false, "success", GateStatus.Passed)]
    public void Test_suites_are_runs_in_the_words_of_either_version(bool old, string outcome, GateStatus status)
    {
        var content = new JsonObject { ["outcome"] = outcome, ["environment"] = new JsonObject { ["id"] = "ci" }, ["testSuite"] = new JsonObject { ["id"] = "e2e" } };
        var fact = Given.Translate(Given.Event("testsuiterun.finished", Given.Producer, "t1", content, 3, Given.Commit('a'), old), static o => o.Sources[1].Checks.Add("e2e")).Gate(Gates.MainCi);
        Assert.Equal((status, "e2e", true), (fact.Status, fact.Name, fact.IsPartial));
    }

    [Fact]
    public void Runs_that_are_not_listed_are_ignored_and_without_a_list_none_passes_alone()
    {
        Assert.Equal(TranslationOutcome.Ignored, Given.Translate(Given.Run("finished", "run-1", 5, "success", Given.Commit('a'), "pull-requests")).Outcome);
        Assert.True(Given.Translate(Given.Run("finished", "run-1", 5, "success", Given.Commit('a'), "anything"), static o => o.Sources[1].Checks.Clear()).Gate(Gates.MainCi).IsPartial);
    }

    [Fact]
    public void The_end_of_a_run_wins_over_its_start_at_the_same_instant()
    {
        var started = Given.Translate(Given.Run("started", "run-1", 5)).Gate(Gates.MainCi);
        var finished = Given.Translate(Given.Run("finished", "run-1", 5, "success")).Gate(Gates.MainCi);
        Assert.Equal(started.Register, finished.Register);
        Assert.Equal(GateStatus.Passed, FactJoin.Join(finished, started).Status);
    }

    [Fact]
    public void A_published_image_is_known_by_its_percent_encoded_digest()
    {
        var fact = Given.Translate(Given.Published('c', 5)).Gate(Gates.ImageBuilt);
        Assert.Equal((Key.Image(Given.Digest('c')), GateStatus.Passed, new Writer("registry", "tekton")), (fact.Subject, fact.Status, fact.Writer));
    }

    [Fact]
    public void A_packaged_image_brings_its_commit_and_is_in_no_registry_yet()
    {
        var translation = Given.Translate(Given.Packaged('c', 'a', 5));
        Assert.Equal(GateStatus.Running, translation.Gate(Gates.ImageBuilt).Status);
        Assert.Equal([Key.Commit("acme/web", Given.Sha('a'))], translation.Gate(FactKinds.Link).Links);
        Assert.Equal(GateStatus.Passed, Given.Translate(Given.Packaged('c', 'a', 5), static o => o.Sources[1].PackagedMeansPublished = true).Gate(Gates.ImageBuilt).Status);
    }

    [Theory]
    [InlineData("pkg:golang/mygit.com/myorg/myapp@234fd47e07d1004f0aed9c")]
    [InlineData("pkg:oci/web@v1.2.3")]
    [InlineData("pkg:oci/web@sha256%3Aabc")]
    [InlineData("pkg:oci/web")]
    public void What_is_not_named_by_a_digest_is_no_image(string purl) => Assert.Equal(TranslationOutcome.Ignored, Given.Translate(Given.Event("artifact.published", Given.Producer, purl)).Outcome);

    [Theory]
    [InlineData("deployed")]
    [InlineData("upgraded")]
    [InlineData("rolledback")]
    public void A_deployed_service_runs_its_image(string predicate)
    {
        var fact = Given.Translate(Given.Service(predicate, 'c', 5, "prod1"), static o => o.Environments["prod1"] = "production").Gate(Gates.RolledOut);
        Assert.Equal((Key.Environment("production/web"), "production", "web", GateStatus.Passed, new Writer("deployer", "cluster")), (fact.Subject, fact.Environment, fact.Name, fact.Status, fact.Writer));
        Assert.Equal([Key.Image(Given.Digest('c'))], fact.Links);
    }

    [Fact]
    public void A_removed_service_asks_for_nothing_and_one_deployed_by_tag_says_nothing()
    {
        Assert.Equal(GateStatus.NotApplicable, Given.Translate(Given.Service("removed", null, 5)).Gate(Gates.RolledOut).Status);
        var tagged = Given.Service("deployed", 'c', 5);
        tagged["subject"]!["content"]!["artifactId"] = "pkg:oci/web@v2";
        var translation = Given.Translate(tagged);
        Assert.Empty(translation.Facts);
        Assert.Contains("names no image by its digest", Assert.Single(translation.Diagnostics), StringComparison.Ordinal);
    }

    [Fact]
    public void An_incident_fails_the_health_of_the_version_until_it_is_resolved()
    {
        var detected = Given.Translate(Given.Incident("detected", 'c', 5)).Gate(Gates.Healthy);
        Assert.Equal((GateStatus.Failed, Reason.Regressed, Key.Environment("production/web"), Given.Digest('c')), (detected.Status, detected.Reason, detected.Subject, detected.Revision));
        Assert.Equal(GateStatus.Passed, FactJoin.Join(Given.Translate(Given.Incident("resolved", 'c', 9)).Gate(Gates.Healthy), detected).Status);
        var vague = Given.Incident("detected", 'c', 5);
        vague["subject"]!["content"]!.AsObject().Remove("artifactId");
        Assert.Equal(TranslationOutcome.Ignored, Given.Translate(vague).Outcome);
    }

    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData("https://git.acme.example/")]
    [InlineData("https://git.acme.example.evil")]
    public void Sources_that_are_not_listed_write_nothing(string source)
    {
        var translation = Given.Translate(Given.Event("change.created", source, "12"));
        Assert.Equal((TranslationOutcome.Ignored, 0), (translation.Outcome, translation.Facts.Length));
    }

    [Fact]
    public void A_source_writes_only_as_what_it_is_and_only_of_its_repositories()
    {
        var deploys = Given.Service("deployed", 'c', 5);
        deploys["context"]!["source"] = Given.Host;
        Assert.Contains("may not write as deployer", Given.Translate(deploys).Detail, StringComparison.Ordinal);
        var other = Given.Change("created", 12, 1);
        other["subject"]!["content"]!["repository"]!["id"] = "acme/api";
        Assert.Contains("'acme/api' is not listed", Given.Translate(other).Detail, StringComparison.Ordinal);
        var adapter = CDEventsAdapter.Create(Given.Options());
        Assert.Equal(["ci:tekton", "deployer:cluster", "health:cluster", "registry:tekton", "scm:git"], adapter.Writers.Select(static w => w.ToString()));
        Assert.Null(adapter.Probe);
    }

    [Fact]
    public void A_source_with_a_secret_of_its_own_cannot_be_impersonated_with_anothers()
    {
        const string Own = "own-secret-of-the-git-host";
        var options = Given.Options(static o => o.Sources[0].Secret = Own);
        var adapter = CDEventsAdapter.Create(options);
        var with = Given.Delivery(Given.Change("created", 12, 1), ("X-ClosedLoop-Token", Own));
        var without = Given.Delivery(Given.Change("created", 12, 1));
        Assert.True(adapter.Authenticator!.IsAuthentic(with));
        Assert.True(adapter.Authenticator.IsAuthentic(without));
        Assert.NotEmpty(adapter.Translator!.Translate(with).Facts);
        Assert.Empty(adapter.Translator.Translate(without).Facts);
    }

    [Fact]
    public void Chains_are_followed_only_where_the_source_says_so()
    {
        var merged = Given.Change("merged", 12, 1, Given.Commit('a'));
        merged["context"]!["chainId"] = "4c8cb7dd-3448-41de-8768-eec704e2829b";
        var run = Given.Run("finished", "run-1", 5, "success");
        run["context"]!["chainId"] = "4c8cb7dd-3448-41de-8768-eec704e2829b";
        Assert.Empty(Given.Translate(run).Gate(Gates.MainCi).Links);
        var chain = Assert.Single(Given.Translate(run, Follow).Gate(Gates.MainCi).Links);
        var link = Given.Translate(merged, Follow).Gate(FactKinds.Link);
        Assert.Equal((chain, Key.Commit("acme/web", Given.Sha('a'))), (link.Subject, Assert.Single(link.Links)));

        static void Follow(CDEventsOptions options)
        {
            foreach (var source in options.Sources) source.FollowChains = true;
        }
    }

    [Fact]
    public void Commit_and_repository_are_where_the_source_puts_them()
    {
        var run = Given.Run("finished", "run-1", 5, "success", new JsonObject { ["git"] = new JsonObject { ["head"] = Given.Sha('d'), ["url"] = "https://git.acme.example/Acme/Web.git" } });
        var fact = Given.Translate(run, static o => (o.Sources[1].CommitPath, o.Sources[1].RepositoryPath) = ("customData.git.head", "customData.git.url")).Gate(Gates.MainCi);
        Assert.Equal([Key.Commit("acme/web", Given.Sha('d'))], fact.Links);
    }

    [Theory]
    [InlineData("dev.cdevents.change.created.0.9.7-draft", TranslationOutcome.Facts)]
    [InlineData("dev.cdevents.change.created.1.0.0", TranslationOutcome.Ignored)]
    [InlineData("dev.cdevents.change.frobbed.0.3.0", TranslationOutcome.Ignored)]
    [InlineData("dev.cdevents.ticket.created.0.2.0", TranslationOutcome.Ignored)]
    [InlineData("dev.cdeventsx.gitlab-change.created.0.1.0", TranslationOutcome.Ignored)]
    [InlineData("dev.cdevents.change", TranslationOutcome.Ignored)]
    [InlineData("com.example.anything", TranslationOutcome.Ignored)]
    public void Any_minor_version_of_a_type_is_read_and_other_types_are_not(string type, TranslationOutcome outcome)
    {
        var given = Given.Change("created", 12, 1);
        given["context"]!["type"] = type;
        Assert.Equal(outcome, Given.Translate(given).Outcome);
    }
}
