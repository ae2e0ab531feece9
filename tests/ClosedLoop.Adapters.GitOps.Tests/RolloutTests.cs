using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitOps.Tests;

/// <summary>What a Rollout says. The verdicts are those that Argo CD's own rules give for such inputs.</summary>
public sealed class RolloutTests
{
    public static TheoryData<string, string, string, Action<JsonObject>> Cases => new()
    {
        { "no status", "Progressing", "spec update to be observed", static o => o.Remove("status") },
        { "an older generation was observed", "Progressing", "spec update to be observed", static o => o["status"]!["observedGeneration"] = "1" },
        { "a hash of version 0.9", "Healthy", "", static o => o["status"]!["observedGeneration"] = "7d5b8d9f" },
        { "a hash of version 0.9 that looks like a number", "Healthy", "", static o => o["status"]!["observedGeneration"] = "8573954984" },
        { "a generation as a number", "Healthy", "", static o => o["status"]!["observedGeneration"] = 2 },
        { "an older workload was observed", "Progressing", "spec update to be observed", static o => Workload(o, "2", "1") },
        { "the newest workload was observed", "Healthy", "", static o => Workload(o, "2", "2") },
        { "a workload without annotations, as before 1.1", "Healthy", "", static o => o["spec"]!["workloadRef"] = new JsonObject() },
        { "phase Degraded", "Degraded", "InvalidSpec", static o => (o["status"]!["phase"], o["status"]!["message"]) = ("Degraded", "InvalidSpec") },
        { "phase Paused", "Suspended", "CanaryPauseStep", static o => (o["status"]!["phase"], o["status"]!["message"]) = ("Paused", "CanaryPauseStep") },
        { "phase Progressing", "Progressing", "", static o => o["status"]!["phase"] = "Progressing" },
        { "without a phase, invalid", "Degraded", "is invalid", static o => Legacy(o, "InvalidSpec", "x", "is invalid") },
        { "without a phase, aborted", "Degraded", "is aborted", static o => Legacy(o, "Progressing", "RolloutAborted", "is aborted") },
        { "without a phase, timed out", "Degraded", "timed out", static o => Legacy(o, "Progressing", "ProgressDeadlineExceeded", "timed out") },
        { "without a phase, paused by the controller", "Suspended", "paused", static o => { Legacy(o); o["status"]!["pauseConditions"] = new JsonArray(new JsonObject()); } },
        { "without a phase, paused by a person", "Suspended", "paused", static o => { Legacy(o); o["spec"]!["paused"] = true; } },
        { "without a phase, not reconciled", "Progressing", "has not been reconciled", static o => { Legacy(o); o["status"]!.AsObject().Remove("currentPodHash"); } },
        { "without a phase, replicas missing", "Progressing", "More replicas need to be updated", static o => { Legacy(o); o["status"]!["updatedReplicas"] = 1; } },
        { "without a phase, replicas not available", "Progressing", "still becoming available", static o => { Legacy(o); o["status"]!["availableReplicas"] = 1; } },
        { "without a phase, old replicas", "Progressing", "pending termination", static o => { Legacy(o); o["status"]!["replicas"] = 3; } },
        { "without a phase, steps left", "Progressing", "finish steps", static o => { Legacy(o); o["status"]!["stableRS"] = "h0"; } },
        { "without a phase, canary through", "Healthy", "", static o => Legacy(o) },
        { "before 0.8, canary through", "Healthy", "", static o => { Legacy(o); o["status"]!.AsObject().Remove("stableRS"); o["status"]!["canary"] = new JsonObject { ["stableRS"] = "h1" }; } },
        { "blue-green not cut over", "Progressing", "cutover pending", static o => BlueGreen(o, "h0") },
        { "blue-green in analysis", "Progressing", "analysis", static o => { BlueGreen(o, "h1"); o["status"]!["stableRS"] = "h0"; } },
        { "blue-green through", "Healthy", "", static o => BlueGreen(o, "h1") },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rollouts_are_judged_as_argo_cd_judges_them(string situation, string word, string message, Action<JsonObject> change)
    {
        var rollout = Given.Rollout(2, "2", "Healthy");
        change(rollout);
        using var document = System.Text.Json.JsonDocument.Parse(rollout.ToJsonString());
        var (actual, said) = ArgoRollouts.RolloutReader.Assess(document.RootElement);
        Assert.True(word == actual, $"{situation}: {actual} ({said})");
        Assert.Contains(message, said, StringComparison.Ordinal);
        var gate = Given.Rollouts().Translate(rollout).Gate(Gates.RolledOut);
        if (word != "Healthy") Assert.NotEqual(GateStatus.Passed, gate?.Status);
        else Assert.Equal(GateStatus.Passed, gate!.Status);
    }

    /// <summary>What Argo Rollouts' own status command says where it looks at more than Argo CD: situation, its phase, ours, why they differ (null: they agree).</summary>
    public static TheoryData<string, string, string, string?, Action<JsonObject>> OwnCases => new()
    {
        { "complete", "Healthy", "Healthy", null, static _ => { } },
        { "paused by a step", "Paused", "Suspended", null, static o => { o["status"]!["phase"] = "Paused"; o["status"]!["controllerPause"] = true; o["status"]!["pauseConditions"] = new JsonArray(new JsonObject { ["reason"] = "CanaryPauseStep" }); } },
        { "being unpaused", "Progressing", "Progressing", null, static o => (o["status"]!["phase"], o["status"]!["controllerPause"]) = ("Paused", true) },
        { "being unpaused, healthy before", "Progressing", "Progressing", null, static o => o["status"]!["controllerPause"] = true },
        { "an older generation was observed", "Progressing", "Progressing", null, static o => o["status"]!["observedGeneration"] = "1" },
        { "no phase, invalid", "Degraded", "Degraded", null, static o => Legacy(o, "InvalidSpec", "x", "is invalid") },
        { "no phase, aborted", "Degraded", "Degraded", null, static o => Legacy(o, "Progressing", "RolloutAborted", "is aborted") },
        { "no phase, fewer updated", "Progressing", "Progressing", null, static o => { Legacy(o); o["status"]!["updatedReplicas"] = 1; } },
        { "no phase, fewer available", "Progressing", "Progressing", null, static o => { Legacy(o); o["status"]!["availableReplicas"] = 1; } },
        { "no phase, steps left", "Progressing", "Progressing", null, static o => { Legacy(o); o["status"]!["stableRS"] = "h0"; } },
        { "no phase, routed canary with old replicas", "Healthy", "Progressing", "as Argo CD says it of controllers before 1.0; it passes when they are gone", static o => { Legacy(o); o["status"]!["replicas"] = 3; o["spec"]!["strategy"] = new JsonObject { ["canary"] = new JsonObject { ["trafficRouting"] = new JsonObject() } }; } },
        { "no phase, blue-green not cut over", "Progressing", "Progressing", null, static o => BlueGreen(o, "h0") },
        { "no phase, blue-green with another stable version", "Progressing", "Progressing", null, static o => { BlueGreen(o, "h1"); o["status"]!["stableRS"] = "h0"; } },
        { "no phase, blue-green with an empty stable version", "Progressing", "Progressing", null, static o => { BlueGreen(o, "h1"); o["status"]!["stableRS"] = ""; } },
        { "no phase, blue-green without a stable version", "Progressing", "Progressing", null, static o => { BlueGreen(o, "h1"); o["status"]!.AsObject().Remove("stableRS"); } },
        { "no phase, blue-green that names no version at all", "Progressing", "Progressing", null, static o => { BlueGreen(o, ""); (o["status"]!["stableRS"], o["status"]!["currentPodHash"]) = ("", ""); } },
        { "no phase, canary that names no version at all", "Progressing", "Progressing", null, static o => { Legacy(o); (o["status"]!["stableRS"], o["status"]!["currentPodHash"]) = ("", ""); } },
        { "no phase, being unpaused", "Progressing", "Progressing", null, static o => { Legacy(o); o["status"]!["controllerPause"] = true; } },
        { "no phase, restarting", "Progressing", "Progressing", null, static o => { Legacy(o); o["spec"]!["restartAt"] = Given.Time(6); } },
        { "no phase, restarting once more", "Progressing", "Progressing", null, static o => { Legacy(o); (o["spec"]!["restartAt"], o["status"]!["restartedAt"]) = (Given.Time(6), Given.Time(3)); } },
        { "no phase, restarted", "Healthy", "Healthy", null, static o => { Legacy(o); (o["spec"]!["restartAt"], o["status"]!["restartedAt"]) = (Given.Time(6), Given.Time(6)); } },
        { "no phase, timed out in a condition of another type", "Degraded", "Degraded", null, static o => Legacy(o, "Available", "ProgressDeadlineExceeded", "timed out") },
        { "no phase, blue-green through", "Healthy", "Healthy", null, static o => BlueGreen(o, "h1") },
    };

    [Theory]
    [MemberData(nameof(OwnCases))]
    public void Argo_Rollouts_itself_agrees_or_there_is_a_reason(string situation, string phase, string ours, string? why, Action<JsonObject> change)
    {
        var rollout = Given.Rollout(2, "2", "Healthy");
        change(rollout);
        using var document = System.Text.Json.JsonDocument.Parse(rollout.ToJsonString());
        string word = ArgoRollouts.RolloutReader.Assess(document.RootElement).Word;
        Assert.True(word == ours, $"{situation}: {word}");
        Assert.True(((phase == "Paused" ? "Suspended" : phase) == word) == why is null, $"{situation}: Argo Rollouts says {phase}, the adapter {word}, and the reason is '{why}'");
        // A difference is never a pass of ours.
        if (why is not null) Assert.NotEqual(GateStatus.Passed, Given.Rollouts().Translate(rollout).Gate(Gates.RolledOut)?.Status);
    }

    [Fact]
    public void A_healthy_rollout_whose_stable_version_is_another_is_not_through()
    {
        var translation = Given.Rollouts().Translate(Given.Rollout(2, "2", "Healthy", stable: "h0"));
        Assert.All(translation.Facts, static f => Assert.Equal(GateStatus.Running, f.Status));
    }

    [Fact]
    public void An_aborted_rollout_failed_and_takes_nothing_away_from_what_ran()
    {
        var aborted = Given.Rollout(3, "3", "Degraded", 'b', "h0", "h1");
        aborted["status"]!["abort"] = true;
        var translation = Given.Rollouts().Translate(aborted);
        Assert.Equal(GateStatus.Failed, translation.Gate(Gates.RolledOut)!.Status);
        Assert.Equal([Key.Image(Given.Digest('b'))], translation.Gate(Gates.RolledOut)!.Links);
        Assert.Contains("was aborted", translation.Gate(Gates.RolledOut)!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_generation_and_a_rollout_that_was_made_anew_are_newer()
    {
        var first = Given.Rollouts().Translate(Given.Rollout(7, "7", "Healthy")).Gate(Gates.RolledOut)!;
        var second = Given.Rollouts().Translate(Given.Rollout(8, "8", "Progressing", 'b')).Gate(Gates.RolledOut)!;
        var anew = Given.Rollout(1, "1", "Healthy", 'c');
        anew["metadata"]!["creationTimestamp"] = Given.Time(50);
        Assert.True(second.Ordinal > first.Ordinal);
        Assert.True(Given.Rollouts().Translate(anew).Gate(Gates.RolledOut)!.Ordinal > second.Ordinal);
    }

    [Fact]
    public void A_phase_that_is_not_known_is_no_evidence()
    {
        var translation = Given.Rollouts().Translate(Given.Rollout(2, "2", "Levitating"));
        Assert.All(translation.Facts, static f => Assert.Equal((GateStatus.Waiting, Reason.Unrecognized), (f.Status, f.Reason)));
        Assert.NotEmpty(translation.Diagnostics);
    }

    private static void Legacy(JsonObject rollout, string? type = null, string? reason = null, string? message = null)
    {
        rollout["status"]!.AsObject().Remove("phase");
        if (type is not null) rollout["status"]!["conditions"] = new JsonArray(new JsonObject { ["type"] = type, ["reason"] = reason, ["message"] = message, ["lastTransitionTime"] = Given.Time(5) });
    }

    private static void BlueGreen(JsonObject rollout, string active)
    {
        Legacy(rollout);
        rollout["spec"]!["strategy"] = new JsonObject { ["blueGreen"] = new JsonObject() };
        rollout["status"]!["blueGreen"] = new JsonObject { ["activeSelector"] = active };
    }

    private static void Workload(JsonObject rollout, string generation, string observed)
    {
        rollout["spec"]!["workloadRef"] = new JsonObject { ["name"] = "web" };
        rollout["metadata"]!["annotations"] = new JsonObject { ["rollout.argoproj.io/workload-generation"] = generation };
        rollout["status"]!["workloadObservedGeneration"] = observed;
    }
}
