using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Jenkins.Tests;

public sealed class NotificationTests
{
    private readonly IWebhookTranslator _translator = Given.Translator();

    [Fact]
    public void A_completed_green_build_passes_main_ci_for_its_commit()
    {
        var translation = _translator.Translate(Given.Delivery(Given.Notification(311, "COMPLETED", "SUCCESS")));
        Assert.Equal("build.completed", translation.Event);
        var fact = translation.State();
        Assert.Equal("build:https://ci.acme.example/job/web-main/311", fact.Subject.ToString());
        Assert.Equal(Gates.MainCi, fact.Kind);
        Assert.Equal("ci:jenkins", fact.Writer.ToString());
        Assert.Equal("web-main", fact.Name);
        Assert.Equal(GateStatus.Passed, fact.Status);
        Assert.Equal(new Ordinal(311, 1, 3), fact.Ordinal);
        Assert.Equal(Given.Start + Given.Took, fact.OccurredAt);
        Assert.Equal(Given.Sha('a'), fact.Revision);
        Assert.Equal([Key.Commit("acme/web", Given.Sha('a'))], fact.Links);
        Assert.Equal("https://ci.acme.example/job/web-main/311/", fact.Evidence!.Url!.AbsoluteUri);
        Assert.Equal("web-main #311", fact.Evidence.Label);
        Assert.False(fact.IsPartial);
        Assert.Equal(fact.Subject, Assert.Single(translation.Hints));
    }

    [Theory]
    [InlineData("SUCCESS", GateStatus.Passed, Reason.None)]
    [InlineData("FAILURE", GateStatus.Failed, Reason.None)]
    [InlineData("UNSTABLE", GateStatus.Failed, Reason.None)]
    [InlineData("ABORTED", GateStatus.Waiting, Reason.Cancelled)]
    [InlineData("NOT_BUILT", GateStatus.Waiting, Reason.Cancelled)]
    [InlineData("success", GateStatus.Waiting, Reason.Unrecognized)]
    [InlineData("GLORIOUS", GateStatus.Waiting, Reason.Unrecognized)]
    public void Each_result_has_its_status_and_nothing_unknown_passes(string result, GateStatus status, Reason reason)
    {
        foreach (string phase in (string[])["COMPLETED", "FINALIZED"])
        {
            var translation = _translator.Translate(Given.Delivery(Given.Notification(1, phase, result)));
            Assert.Equal((status, reason), (translation.State().Status, translation.State().Reason));
            Assert.Equal(reason == Reason.Unrecognized, translation.Diagnostics.Any(d => d.Contains(result, StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData(UnstableMeans.Failed, GateStatus.Failed, Reason.None)]
    [InlineData(UnstableMeans.Passed, GateStatus.Passed, Reason.None)]
    [InlineData(UnstableMeans.Inconclusive, GateStatus.Waiting, Reason.Inconclusive)]
    public void Unstable_means_what_the_option_says(UnstableMeans means, GateStatus status, Reason reason)
    {
        var fact = Given.Translator(o => o.UnstableMeans = means).Translate(Given.Delivery(Given.Notification(1, "FINALIZED", "UNSTABLE"))).State();
        Assert.Equal((status, reason), (fact.Status, fact.Reason));
    }

    [Fact]
    public void A_started_build_runs_whatever_result_it_carries()
    {
        var fact = _translator.Translate(Given.Delivery(Given.Notification(1, "STARTED", "SUCCESS"))).State();
        Assert.Equal(GateStatus.Running, fact.Status);
        Assert.Equal(Given.Start, fact.OccurredAt);
        Assert.Equal(new Ordinal(1, 0, 1), fact.Ordinal);
    }

    [Fact]
    public void A_queued_build_is_no_evidence_and_older_than_its_start()
    {
        var queued = _translator.Translate(Given.Delivery(Given.Notification(1, "QUEUED"))).State();
        Assert.Equal((GateStatus.Waiting, Reason.None), (queued.Status, queued.Reason));
        var started = _translator.Translate(Given.Delivery(Given.Notification(1, "STARTED"))).State();
        Assert.Equal(started, FactJoin.Join(started, queued));
    }

    [Fact]
    public void A_zero_queue_time_is_replaced_by_the_time_of_receipt_and_marked()
    {
        var body = Given.Notification(1, "QUEUED");
        body["build"]!["timestamp"] = 0;
        var fact = _translator.Translate(Given.Delivery(body)).State();
        Assert.Equal(Given.Start + TimeSpan.FromHours(1), fact.OccurredAt);
        Assert.Equal("clamped", fact.Attribute(FactAttributes.Clock));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(253402300799999)]
    public void A_time_that_cannot_be_is_replaced_and_marked(long timestamp)
    {
        var body = Given.Notification(1, "COMPLETED", "SUCCESS");
        body["build"]!["timestamp"] = timestamp;
        Assert.Equal("clamped", _translator.Translate(Given.Delivery(body)).State().Attribute(FactAttributes.Clock));
    }

    [Fact]
    public void The_notify_step_inside_a_running_pipeline_cannot_pass_the_gate()
    {
        // The step sends any phase it is told to; while a build runs its duration is 0.
        var body = Given.Notification(1, "COMPLETED", "SUCCESS");
        body["build"]!["duration"] = 0;
        var translation = _translator.Translate(Given.Delivery(body));
        Assert.Empty(translation.Facts);
        Assert.Single(translation.Hints);
        Assert.Single(translation.Diagnostics);
    }

    [Fact]
    public void A_completed_notification_without_a_status_only_asks_for_a_look()
    {
        var translation = _translator.Translate(Given.Delivery(Given.Notification(1, "COMPLETED")));
        Assert.Equal(TranslationOutcome.Facts, translation.Outcome);
        Assert.Empty(translation.Facts);
        Assert.Equal(["build:https://ci.acme.example/job/web-main/1"], translation.Hints.Select(static h => h.ToString()));
    }

    [Fact]
    public void A_phase_that_is_not_known_only_asks_for_a_look()
    {
        var translation = _translator.Translate(Given.Delivery(Given.Notification(1, "NONE", "SUCCESS")));
        Assert.Empty(translation.Facts);
        Assert.Single(translation.Hints);
        Assert.Contains("'NONE'", Assert.Single(translation.Diagnostics), StringComparison.Ordinal);
    }

    [Fact]
    public void A_build_without_a_commit_still_reports_and_asks_for_a_look()
    {
        var translation = _translator.Translate(Given.Delivery(Given.Notification(1, "COMPLETED", "FAILURE", commit: null)));
        Assert.Equal(GateStatus.Failed, translation.State().Status);
        Assert.Empty(translation.State().Links);
        Assert.Single(translation.Hints);
    }

    [Fact]
    public void The_commit_of_a_shared_library_is_not_linked()
    {
        var body = Given.Notification(1, "COMPLETED", "SUCCESS");
        body["build"]!["scm"]!["url"] = "git@git.acme.example:acme/ci-library.git";
        var fact = _translator.Translate(Given.Delivery(body)).State();
        Assert.Empty(fact.Links);
        Assert.Null(fact.Revision);
    }

    [Theory]
    [InlineData("1f9b6c4")]
    [InlineData("main")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    public void A_short_or_strange_commit_is_not_linked(string commit)
    {
        var body = Given.Notification(1, "COMPLETED", "SUCCESS");
        body["build"]!["scm"]!["commit"] = commit;
        Assert.Empty(_translator.Translate(Given.Delivery(body)).State().Links);
    }

    [Fact]
    public void Builds_of_jobs_that_are_not_listed_are_ignored_with_the_reason()
    {
        var translation = _translator.Translate(Given.Delivery(Given.Notification(1, "COMPLETED", "SUCCESS", path: "job/web-PR-12")));
        Assert.Equal(TranslationOutcome.Ignored, translation.Outcome);
        Assert.Equal("the job 'web-PR-12' is not listed in Jenkins:Jobs", translation.Detail);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("http://ci.acme.example/")]
    [InlineData("https://ci.acme.example:8443/")]
    [InlineData("https://ci.acme.example.evil.example/")]
    public void A_build_of_another_jenkins_is_ignored_though_its_job_has_the_same_name(string root)
    {
        var translation = _translator.Translate(Given.Delivery(Given.Notification(1, "COMPLETED", "SUCCESS", root: root)));
        Assert.Equal(TranslationOutcome.Ignored, translation.Outcome);
        Assert.Contains("Jenkins:PublicAddress", translation.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Behind_a_proxy_both_of_jenkins_addresses_name_the_same_build()
    {
        var translator = Given.Translator(static o =>
        {
            o.BaseAddress = new Uri("http://jenkins.internal:8080/ci");
            o.PublicAddress = new Uri("https://ci.acme.example");
        });
        foreach (string root in (string[])["https://ci.acme.example/", "https://CI.acme.example:443/", "http://jenkins.internal:8080/ci/"])
            Assert.Equal("build:https://ci.acme.example/job/web-main/7", translator.Translate(Given.Delivery(Given.Notification(7, "STARTED", root: root))).State().Subject.ToString());
        Assert.Equal(TranslationOutcome.Ignored, translator.Translate(Given.Delivery(Given.Notification(7, "STARTED", root: "http://jenkins.internal:8080/"))).Outcome);
    }

    [Fact]
    public void A_jenkins_without_a_configured_address_sends_only_the_path()
    {
        var body = Given.Notification(7, "STARTED");
        ((JsonObject)body["build"]!).Remove("full_url");
        Assert.Equal("build:https://ci.acme.example/job/web-main/7", _translator.Translate(Given.Delivery(body)).State().Subject.ToString());
    }

    [Theory]
    [InlineData("acme/web/main", "job/acme/job/web/job/main", "acme/web/main")]
    [InlineData("acme/web/release%2F1.0", "job/acme/job/web/job/release%252F1.0", "acme/web/release%2F1.0")]
    [InlineData("Test Workflow", "job/Test%20Workflow", "Test Workflow")]
    [InlineData("web (main)", "job/web%20(main)", "web (main)")]
    [InlineData("Web-Main", "job/web-main", "Web-Main")]
    public void Folders_branches_and_spaces_are_found_by_their_full_name(string configured, string path, string name)
    {
        var fact = Given.Translator(o => o.Jobs[0].Path = configured).Translate(Given.Delivery(Given.Notification(5, "STARTED", path: path))).State();
        Assert.Equal(name, fact.Name);
    }

    [Fact]
    public void A_branch_of_a_multibranch_project_keeps_its_double_encoding_in_the_key()
    {
        var fact = Given.Translator(static o => o.Jobs[0].Path = "acme/web/release%2F1.0")
            .Translate(Given.Delivery(Given.Notification(5, "STARTED", path: "job/acme/job/web/job/release%252F1.0"))).State();
        Assert.Equal("build:https://ci.acme.example/job/acme/job/web/job/release%252F1.0/5", fact.Subject.ToString());
    }

    [Theory]
    [InlineData("job/web-main/..%2Fadmin")]
    [InlineData("job/web%2Dmain/../../../")]
    [InlineData("view/all")]
    [InlineData("job/acme%2Fweb-main")]
    public void An_address_that_is_not_a_configured_builds_is_ignored(string path) =>
        Assert.Equal(TranslationOutcome.Ignored, _translator.Translate(Given.Delivery(Given.Notification(5, "STARTED", path: path))).Outcome);

    [Theory]
    [InlineData("origin/main", true)]
    [InlineData("main", true)]
    [InlineData("refs/remotes/upstream/main", true)]
    [InlineData("refs/heads/main", true)]
    [InlineData("detached", true)]
    [InlineData("origin/feature/main", false)]
    [InlineData("feature/main", false)]
    [InlineData("origin/release", false)]
    [InlineData("refs/remotes/origin/feature/main", false)]
    public void A_build_of_another_branch_is_ignored_when_the_job_names_one(string branch, bool counts)
    {
        var body = Given.Notification(1, "COMPLETED", "FAILURE");
        body["build"]!["scm"]!["branch"] = branch;
        var translation = Given.Translator(static o => o.Jobs[0].Branch = "main").Translate(Given.Delivery(body));
        Assert.Equal(counts ? TranslationOutcome.Facts : TranslationOutcome.Ignored, translation.Outcome);
    }

    [Fact]
    public void A_number_that_contradicts_the_address_is_malformed()
    {
        var body = Given.Notification(5, "STARTED");
        body["build"]!["number"] = 6;
        Assert.Equal(TranslationOutcome.Malformed, _translator.Translate(Given.Delivery(body)).Outcome);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<job/>")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("17")]
    [InlineData("{}")]
    [InlineData("{\"build\":[]}")]
    [InlineData("{\"build\":{}}")]
    [InlineData("{\"build\":{\"full_url\":7}}")]
    [InlineData("{\"build\":{\"full_url\":\"\\ud800\"}}")]
    public void What_is_not_a_notification_is_malformed_and_says_what_was_expected(string body)
    {
        var translation = _translator.Translate(Given.Delivery(body));
        Assert.Equal(TranslationOutcome.Malformed, translation.Outcome);
        Assert.Contains("expected", translation.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_of_the_wrong_type_never_throw_and_never_pass()
    {
        foreach (string member in (string[])["number", "timestamp", "duration", "phase", "status", "scm"])
            foreach (string value in (string[])["null", "true", "\"\"", "[]", "{}", "1.5", "1e400"])
            {
                var body = Given.Notification(5, "COMPLETED", "SUCCESS");
                string text = body.ToJsonString();
                body["build"]![member] = "@@";
                text = body.ToJsonString().Replace("\"@@\"", value, StringComparison.Ordinal);
                var translation = _translator.Translate(Given.Delivery(text));
                if (member is "status" or "phase") Assert.DoesNotContain(translation.Facts, static f => f.Status == GateStatus.Passed);
            }
    }

    [Fact]
    public void Control_characters_of_a_payload_do_not_reach_messages()
    {
        var body = Given.Notification(5, "COMPLETED", "BAD\u001b[31m\nRESULT" + new string('x', 500));
        var translation = _translator.Translate(Given.Delivery(body));
        string diagnostic = Assert.Single(translation.Diagnostics);
        Assert.DoesNotContain(diagnostic, static c => char.IsControl(c));
        Assert.True(diagnostic.Length < 250, diagnostic);
        Assert.DoesNotContain("RESULT", translation.State().Detail, StringComparison.Ordinal);
    }
}
