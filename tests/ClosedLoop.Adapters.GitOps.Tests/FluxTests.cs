using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitOps.Tests;

/// <summary>What Flux's objects and events say.</summary>
public sealed class FluxTests
{
    [Theory]
    [InlineData("True", "ReconciliationSucceeded", GateStatus.Passed, Reason.None)]
    [InlineData("False", "HealthCheckFailed", GateStatus.Failed, Reason.None)]
    [InlineData("False", "BuildFailed", GateStatus.Failed, Reason.None)]
    [InlineData("False", "ArtifactFailed", GateStatus.Failed, Reason.None)]
    [InlineData("False", "PruneFailed", GateStatus.Failed, Reason.None)]
    [InlineData("False", "DependencyNotReady", GateStatus.Running, Reason.None)]
    [InlineData("Unknown", "Progressing", GateStatus.Running, Reason.None)]
    [InlineData("Perhaps", "Whatever", GateStatus.Waiting, Reason.Unrecognized)]
    public void Ready_decides(string ready, string reason, GateStatus status, Reason why)
    {
        var translation = Given.Flux(Given.Tracked).Translate(Given.Kustomization(ready, reason, 5));
        var rollout = translation.Gate(Gates.RolledOut)!;
        Assert.Equal((status, why, Given.At(5), Key.Environment("production/web")), (rollout.Status, rollout.Reason, rollout.OccurredAt, rollout.Subject));
        Assert.Equal([Key.Commit("acme/web", Given.Sha('a'))], rollout.Links);
        Assert.Equal(status, translation.Gate(Gates.Healthy)!.Status);
    }

    [Fact]
    public void Ready_of_an_older_generation_or_while_reconciling_is_not_through()
    {
        Assert.Equal(GateStatus.Running, Given.Flux(Given.Tracked).Translate(Given.Kustomization("True", "ReconciliationSucceeded", 5, generation: 4)).Gate(Gates.RolledOut)!.Status);
        var reconciling = Given.Kustomization("True", "ReconciliationSucceeded", 5);
        reconciling["status"]!["conditions"]!.AsArray().Add(new JsonObject { ["type"] = "Reconciling", ["status"] = "True" });
        Assert.Equal(GateStatus.Running, Given.Flux(Given.Tracked).Translate(reconciling).Gate(Gates.RolledOut)!.Status);
        var older = Given.Kustomization("True", "ReconciliationSucceeded", 5);
        older["status"]!["conditions"]![0]!["observedGeneration"] = 2;
        Assert.Equal(GateStatus.Running, Given.Flux(Given.Tracked).Translate(older).Gate(Gates.RolledOut)!.Status);
    }

    [Fact]
    public void What_fails_is_the_revision_that_was_tried_and_not_the_one_that_was_applied() =>
        Assert.Equal([Key.Commit("acme/web", Given.Sha('b'))], Given.Flux(Given.Tracked).Translate(Given.Kustomization("False", "HealthCheckFailed", 5, 'a', 'b')).Gate(Gates.RolledOut)!.Links);

    [Fact]
    public void Ready_without_a_wait_says_nothing_of_health() =>
        Assert.Null(Given.Flux(Given.Tracked).Translate(Given.Kustomization("True", "ReconciliationSucceeded", 5, wait: false)).Gate(Gates.Healthy));

    [Fact]
    public void A_suspended_object_says_nothing()
    {
        var suspended = Given.Kustomization("True", "ReconciliationSucceeded", 5);
        suspended["spec"]!["suspend"] = true;
        Assert.Empty(Given.Flux(Given.Tracked).Translate(suspended).Facts);
    }

    [Theory]
    [InlineData("main@sha1:{0}")]
    [InlineData("main/{0}")]
    [InlineData("sha1:{0}")]
    [InlineData("{0}")]
    [InlineData("refs/heads/release/1.0@sha1:{0}")]
    public void Revisions_are_read_in_all_their_forms(string form)
    {
        var item = Given.Kustomization("True", "ReconciliationSucceeded", 5);
        string revision = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, Given.Sha('c'));
        (item["status"]!["lastAppliedRevision"], item["status"]!["lastAttemptedRevision"]) = (revision, revision);
        Assert.Equal([Key.Commit("acme/web", Given.Sha('c'))], Given.Flux(Given.Tracked).Translate(item).Gate(Gates.RolledOut)!.Links);
    }

    [Fact]
    public void An_artifact_of_a_registry_counts_by_its_digest_and_the_commit_it_was_made_from_by_its_origin()
    {
        var item = Given.Kustomization("True", "ReconciliationSucceeded", 5);
        string revision = "latest@" + Given.Digest('d');
        (item["status"]!["lastAppliedRevision"], item["status"]!["lastAttemptedRevision"]) = (revision, revision);
        Assert.Equal([Key.Image(Given.Digest('d'))], Given.Flux().Translate(item).Gate(Gates.RolledOut)!.Links);
        item["status"]!["lastAppliedOriginRevision"] = "main@sha1:" + Given.Sha('a');
        item["status"]!.AsObject().Remove("lastAttemptedRevision");
        Assert.Equal([Key.Commit("acme/web", Given.Sha('a'))], Given.Flux(Given.Tracked).Translate(item).Gate(Gates.RolledOut)!.Links);
    }

    [Fact]
    public void Images_that_the_object_pins_count_before_its_revision()
    {
        var item = Given.Kustomization("True", "ReconciliationSucceeded", 5);
        item["spec"]!["images"] = new JsonArray(new JsonObject { ["name"] = "web", ["digest"] = Given.Digest('f') });
        Assert.Equal([Key.Image(Given.Digest('f'))], Given.Flux(Given.Tracked).Translate(item).Gate(Gates.RolledOut)!.Links);
        var release = Given.Kustomization("True", "UpgradeSucceeded", 5, kind: "HelmRelease");
        release["spec"]!["values"] = new JsonObject { ["image"] = new JsonObject { ["tag"] = "v3@" + Given.Digest('f') } };
        var fact = Given.Flux().Translate(release).Gate(Gates.RolledOut)!;
        Assert.Equal((GateStatus.Passed, Key.Environment("production/helmrelease/shop/web")), (fact.Status, fact.Subject));
        Assert.Equal([Key.Image(Given.Digest('f'))], fact.Links);
    }

    [Theory]
    [InlineData("ReconciliationSucceeded", "info", GateStatus.Passed, Reason.None)]
    [InlineData("UpgradeSucceeded", "info", GateStatus.Passed, Reason.None)]
    [InlineData("ReconciliationSucceeded", "error", GateStatus.Waiting, Reason.Unrecognized)]
    [InlineData("HealthCheckFailed", "error", GateStatus.Failed, Reason.None)]
    [InlineData("BuildFailed", "error", GateStatus.Failed, Reason.None)]
    [InlineData("RollbackSucceeded", "info", GateStatus.Failed, Reason.None)]
    [InlineData("Progressing", "info", GateStatus.Running, Reason.None)]
    [InlineData("DependencyNotReady", "error", GateStatus.Waiting, Reason.Inconclusive)]
    [InlineData("Pondering", "info", GateStatus.Waiting, Reason.Unrecognized)]
    public void Events_say_what_was_done_with_which_revision(string reason, string severity, GateStatus status, Reason why)
    {
        var translation = Given.Flux(Given.Tracked).Translate(Given.FluxEvent(reason, 5, $"main@sha1:{Given.Sha('a')}", severity));
        var fact = translation.Gate(Gates.RolledOut)!;
        Assert.Equal((status, why, Given.At(5)), (fact.Status, fact.Reason, fact.OccurredAt));
        Assert.Equal([Key.Commit("acme/web", Given.Sha('a'))], fact.Links);
        Assert.Equal([Key.Environment("production/web")], translation.Hints.AsEnumerable());
    }

    [Theory]
    [InlineData("commit")]
    [InlineData("originRevision")]
    [InlineData("revision")]
    [InlineData("kustomize.toolkit.fluxcd.io/commit")]
    public void The_revision_of_an_event_has_several_names(string key) =>
        Assert.Single(Given.Flux(Given.Tracked).Translate(Given.FluxEvent("ReconciliationSucceeded", 5, $"sha1:{Given.Sha('a')}", key: key)).Gate(Gates.RolledOut)!.Links);

    [Fact]
    public void An_event_tells_of_health_only_where_it_was_checked()
    {
        Assert.Null(Given.Flux(Given.Tracked).Translate(Given.FluxEvent("ReconciliationSucceeded", 5, Given.Sha('a'))).Gate(Gates.Healthy));
        Assert.Equal(GateStatus.Failed, Given.Flux(Given.Tracked).Translate(Given.FluxEvent("HealthCheckFailed", 5, Given.Sha('a'), "error")).Gate(Gates.Healthy)!.Status);
        Assert.Equal(GateStatus.Passed, Given.Flux(static o => { Given.Tracked(o); o.EventsIncludeHealth = true; }).Translate(Given.FluxEvent("ReconciliationSucceeded", 5, Given.Sha('a'))).Gate(Gates.Healthy)!.Status);
    }

    [Fact]
    public void An_event_without_a_known_revision_is_a_hint_and_one_of_a_source_is_nothing()
    {
        var hint = Given.Flux(Given.Tracked).Translate(Given.FluxEvent("ReconciliationSucceeded", 5, null));
        Assert.Equal((TranslationOutcome.Facts, 0, 1), (hint.Outcome, hint.Facts.Length, hint.Hints.Length));
        Assert.Equal(TranslationOutcome.Ignored, Given.Flux().Translate(Given.FluxEvent("GitOperationSucceeded", 5, null, kind: "GitRepository")).Outcome);
    }

    [Fact]
    public void Events_are_authentic_by_flux_signature_or_a_header()
    {
        var adapter = Given.Flux();
        byte[] body = Encoding.UTF8.GetBytes(Given.FluxEvent("Progressing", 1, null).ToJsonString());
        Assert.True(adapter.Authenticator!.IsAuthentic(Given.Delivery(body, ("X-ClosedLoop-Token", ""), ("X-Signature", Given.Signature(body)))));
        Assert.True(adapter.Authenticator.IsAuthentic(Given.Delivery(body, ("X-ClosedLoop-Token", ""), ("Authorization", "Bearer " + Given.Secret))));
        Assert.False(adapter.Authenticator.IsAuthentic(Given.Delivery(body, ("X-ClosedLoop-Token", ""), ("X-Signature", "sha256=" + new string('0', 64)))));
        Assert.False(adapter.Authenticator.IsAuthentic(Given.Delivery(body, ("X-ClosedLoop-Token", ""))));
    }
}
