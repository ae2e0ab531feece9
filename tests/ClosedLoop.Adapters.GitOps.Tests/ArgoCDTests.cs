using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitOps.Tests;

/// <summary>What an Application says.</summary>
public sealed class ArgoCDTests
{
    [Fact]
    public void A_healthy_application_runs_its_images_and_is_healthy()
    {
        var translation = Given.ArgoCD().Translate(Given.App(10, "Healthy", 11, "a"));
        var rollout = translation.Gate(Gates.RolledOut)!;
        Assert.Equal((Key.Environment("production/web"), "production", "web", GateStatus.Passed, Given.At(11), new Writer("deployer", "argocd")), (rollout.Subject, rollout.Environment, rollout.Name, rollout.Status, rollout.OccurredAt, rollout.Writer));
        Assert.Equal([Key.Image(Given.Digest('a'))], rollout.Links);
        // The revision is the configuration's commit, and links nothing.
        Assert.Equal(Given.Digest('a'), rollout.Revision);
        Assert.Equal((GateStatus.Passed, Given.At(11), new Writer("health", "argocd")), (translation.Gate(Gates.Healthy)!.Status, translation.Gate(Gates.Healthy)!.OccurredAt, translation.Gate(Gates.Healthy)!.Writer));
        Assert.Equal([rollout.Subject], translation.Hints.AsEnumerable());
    }

    [Theory]
    [InlineData("Healthy", "Succeeded", GateStatus.Passed, GateStatus.Passed, Reason.None)]
    [InlineData("Progressing", "Succeeded", GateStatus.Running, GateStatus.Running, Reason.None)]
    [InlineData("Degraded", "Succeeded", GateStatus.Failed, GateStatus.Failed, Reason.None)]
    [InlineData("Missing", "Succeeded", GateStatus.Waiting, GateStatus.Failed, Reason.None)]
    [InlineData("Suspended", "Succeeded", GateStatus.Running, GateStatus.Waiting, Reason.Inconclusive)]
    [InlineData("Unknown", "Succeeded", GateStatus.Waiting, GateStatus.Waiting, Reason.Inconclusive)]
    [InlineData("Radiant", "Succeeded", GateStatus.Waiting, GateStatus.Waiting, Reason.Unrecognized)]
    [InlineData("healthy", "Succeeded", GateStatus.Waiting, GateStatus.Waiting, Reason.Unrecognized)]
    [InlineData("Healthy", "Running", GateStatus.Running, GateStatus.Running, Reason.None)]
    [InlineData("Healthy", "Terminating", GateStatus.Running, GateStatus.Running, Reason.None)]
    [InlineData("Healthy", "Failed", GateStatus.Failed, GateStatus.Passed, Reason.None)]
    [InlineData("Progressing", "Error", GateStatus.Failed, GateStatus.Running, Reason.None)]
    public void Health_and_phase_decide(string health, string phase, GateStatus rollout, GateStatus healthy, Reason reason)
    {
        var translation = Given.ArgoCD().Translate(Given.App(10, health, 11, "a", phase));
        Assert.Equal(rollout, translation.Gate(Gates.RolledOut)!.Status);
        Assert.Equal((healthy, reason), (translation.Gate(Gates.Healthy)!.Status, translation.Gate(Gates.Healthy)!.Reason));
        Assert.Equal(reason == Reason.Unrecognized, !translation.Diagnostics.IsEmpty);
    }

    [Fact]
    public void A_phase_that_is_not_known_is_no_evidence()
    {
        var translation = Given.ArgoCD().Translate(Given.App(10, "Healthy", 11, "a", "Postponed"));
        Assert.Equal((GateStatus.Waiting, Reason.Unrecognized), (translation.Gate(Gates.RolledOut)!.Status, translation.Gate(Gates.RolledOut)!.Reason));
        Assert.Null(translation.Gate(Gates.Healthy));
    }

    // argo-cd#4669
    [Fact]
    public void Health_that_did_not_change_since_before_the_sync_counts_only_when_it_has_settled()
    {
        var adapter = Given.ArgoCD();
        Assert.Equal(GateStatus.Running, adapter.Translate(Given.App(10, "Healthy", 2, "a", compared: 10.5)).Gate(Gates.Healthy)!.Status);
        var settled = adapter.Translate(Given.App(10, "Healthy", 2, "a", compared: 11)).Gate(Gates.Healthy)!;
        Assert.Equal((GateStatus.Passed, Given.At(11)), (settled.Status, settled.OccurredAt));
        Assert.Equal(settled, adapter.Translate(Given.App(10, "Healthy", 2, "a", compared: 500)).Gate(Gates.Healthy));
        // Argo CD's API does not tell when it compared: it is as of the time of reading.
        var untold = Given.App(599.5, "Healthy", 2, "a");
        untold["status"]!.AsObject().Remove("reconciledAt");
        Assert.Equal(GateStatus.Running, adapter.Translate(untold).Gate(Gates.Healthy)!.Status);
        untold["status"]!["operationState"]!["finishedAt"] = Given.Time(599);
        Assert.Equal(GateStatus.Passed, adapter.Translate(untold).Gate(Gates.Healthy)!.Status);
    }

    [Fact]
    public void Old_and_new_images_together_are_no_complete_rollout_and_sidecars_are_no_mix()
    {
        var mixed = Given.ArgoCD().Translate(Given.App(10, "Healthy", 11, "ab"));
        Assert.Equal((GateStatus.Running, 2), (mixed.Gate(Gates.RolledOut)!.Status, mixed.Gate(Gates.RolledOut)!.Links.Count));
        Assert.Equal(GateStatus.Running, mixed.Gate(Gates.Healthy)!.Status);
        var app = Given.App(10, "Healthy", 11, "a");
        app["status"]!["summary"]!["images"]!.AsArray().Add(Given.Image('d', "proxy"));
        Assert.Equal(GateStatus.Passed, Given.ArgoCD().Translate(app).Gate(Gates.RolledOut)!.Status);
    }

    // oncePer a revision: a redeployment of the same revision with another image is not notified, and polled all the same.
    [Fact]
    public void The_same_revision_with_another_image_is_another_rollout()
    {
        var adapter = Given.ArgoCD();
        var first = adapter.Translate(Given.App(10, "Healthy", 11, "a")).Gate(Gates.RolledOut)!;
        var second = adapter.Translate(Given.App(20, "Healthy", 21, "b")).Gate(Gates.RolledOut)!;
        Assert.True(second.Ordinal > first.Ordinal);
        Assert.NotEqual(first.Revision, second.Revision);
    }

    [Fact]
    public void What_runs_counts_also_when_git_wants_something_else() =>
        Assert.Equal(GateStatus.Passed, Given.ArgoCD().Translate(Given.App(10, "Healthy", 11, "a", sync: "OutOfSync")).Gate(Gates.RolledOut)!.Status);

    [Fact]
    public void Images_by_tag_say_nothing_unless_the_configuration_is_of_the_tracked_repository()
    {
        var app = Given.App(10, "Healthy", 11, "");
        app["status"]!["summary"]!["images"] = new JsonArray("registry.acme.example/web:v2");
        var nothing = Given.ArgoCD().Translate(app);
        Assert.Equal((TranslationOutcome.Ignored, 0), (nothing.Outcome, nothing.Facts.Length));
        Assert.Contains("by tag", Assert.Single(nothing.Diagnostics), StringComparison.Ordinal);
        Assert.Equal([Key.Commit("acme/web", Given.Sha('e'))], Given.ArgoCD(Given.Tracked).Translate(app).Gate(Gates.RolledOut)!.Links);
        app["status"]!["sync"]!["status"] = "OutOfSync";
        Assert.Empty(Given.ArgoCD(Given.Tracked).Translate(app).Facts);
    }

    [Fact]
    public void Applications_that_are_not_listed_are_ignored_and_listed_ones_have_the_given_names()
    {
        static void Listed(ArgoCDOptions o) => o.Targets.Add(new GitOpsTarget { Name = "web-eu", Environment = "live", Target = "eu" });
        Assert.Equal(TranslationOutcome.Ignored, Given.ArgoCD(Listed).Translate(Given.App(10, "Healthy", 11, "a")).Outcome);
        Assert.Equal(Key.Environment("live/eu"), Given.ArgoCD(Listed).Translate(Given.App(10, "Healthy", 11, "a", name: "web-eu")).Gate(Gates.RolledOut)!.Subject);
    }

    [Fact]
    public void An_application_that_is_deleted_asks_for_nothing_more()
    {
        var app = Given.App(10, "Healthy", 11, "a");
        app["metadata"]!["deletionTimestamp"] = Given.Time(30);
        var translation = Given.ArgoCD().Translate(app);
        Assert.Equal((GateStatus.NotApplicable, Given.At(30)), (translation.Gate(Gates.RolledOut)!.Status, translation.Gate(Gates.RolledOut)!.OccurredAt));
        Assert.Null(translation.Gate(Gates.Healthy));
    }

    [Fact]
    public void Before_health_had_a_time_of_its_own_the_comparison_orders_what_was_seen()
    {
        var old = Given.ArgoCD().Translate(Given.App(10, "Healthy", null, "a", compared: 12)).Gate(Gates.RolledOut)!;
        Assert.Equal(Given.At(12), old.OccurredAt);
    }

    [Fact]
    public void The_notification_of_the_readme_is_the_same_as_the_object()
    {
        var app = Given.App(10, "Healthy", 11, "a");
        var wrapped = new JsonObject { ["application"] = app.DeepClone() };
        Assert.Equal(Given.ArgoCD().Translate(app).Facts.AsEnumerable(), Given.ArgoCD().Translate(wrapped).Facts);
    }

    [Fact]
    public void What_is_from_the_future_does_not_keep_the_present_from_counting()
    {
        var translation = Given.ArgoCD().Translate(Given.App(10, "Healthy", 600 + (2 * 24 * 60), "a"));
        Assert.Empty(translation.Facts);
    }
}
