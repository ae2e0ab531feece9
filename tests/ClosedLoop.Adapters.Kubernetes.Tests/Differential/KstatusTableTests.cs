using System.Text.Json.Nodes;
using ClosedLoop.Adapters.Kubernetes.Rollouts;
using ClosedLoop.Adapters.Kubernetes.Tests.Support;

namespace ClosedLoop.Adapters.Kubernetes.Tests.Differential;

/// <summary>
/// The situations of kstatus' own table (Flux, kpt) as objects of ours, each with kstatus' verdict and what the adapter says: it agrees, or there is a reason.
/// </summary>
public sealed class KstatusTableTests
{
    private const string Kubectl = "rolled out as kubectl says it; what kstatus waits for beyond that is for the gate healthy";
    private const string ApiServer = "no API server leaves it out";

    /// <summary>Situation, kind, kstatus' verdict, ours of the rollout, why they differ (null: they agree), the object's spec and status.</summary>
    public static TheoryData<string, string, string, string, string?, string> Situations => new()
    {
        { "nothing observed yet", "StatefulSet", "InProgress", "waiting", null, """{"status":{}}""" },
        { "observed, one of the numbers only", "StatefulSet", "InProgress", "waiting", null, """{"status":{"observedGeneration":1,"currentReplicas":1}}""" },
        { "all there", "StatefulSet", "Current", "done", null, """{"spec":{"replicas":4},"status":{"observedGeneration":1,"currentReplicas":4,"readyReplicas":4,"replicas":4}}""" },
        { "fewer ready", "StatefulSet", "InProgress", "waiting", null, """{"spec":{"replicas":4},"status":{"observedGeneration":1,"currentReplicas":4,"readyReplicas":2,"replicas":4}}""" },
        { "fewer of the current revision", "StatefulSet", "InProgress", "done", "kubectl compares the revisions and not how many are of the current one; pods of another revision keep the gate from passing", """{"spec":{"replicas":4},"status":{"observedGeneration":1,"currentReplicas":2,"readyReplicas":4,"replicas":4}}""" },
        { "more than asked for", "StatefulSet", "InProgress", "done", Kubectl, """{"spec":{"replicas":4},"status":{"observedGeneration":1,"currentReplicas":4,"readyReplicas":4,"replicas":8}}""" },
        { "revisions differ", "StatefulSet", "InProgress", "waiting", null, """{"spec":{"replicas":4},"status":{"observedGeneration":1,"currentReplicas":4,"readyReplicas":4,"replicas":4,"currentRevision":"a","updateRevision":"b"}}""" },
        { "a part of it is updated as asked", "StatefulSet", "Current", "done", null, """{"spec":{"replicas":4,"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":2}}},"status":{"observedGeneration":1,"readyReplicas":4,"replicas":4,"updatedReplicas":2}}""" },
        { "a part of it is not yet updated", "StatefulSet", "InProgress", "waiting", null, """{"spec":{"replicas":4,"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":2}}},"status":{"observedGeneration":1,"readyReplicas":4,"replicas":4,"updatedReplicas":1}}""" },
        { "updated by hand", "StatefulSet", "Current", "failed", "nobody says whether pods of the new template run: kubectl refuses to judge it, and the gate waits as misconfigured", """{"spec":{"replicas":4,"updateStrategy":{"type":"OnDelete"}},"status":{"observedGeneration":1,"readyReplicas":4,"replicas":4}}""" },

        { "nothing observed yet", "DaemonSet", "InProgress", "waiting", null, """{"status":{}}""" },
        { "observed, no number", "DaemonSet", "InProgress", "done", $"{ApiServer}; zero pods pass no gate", """{"status":{"observedGeneration":1,"currentReplicas":1}}""" },
        { "all there", "DaemonSet", "Current", "done", null, """{"status":{"observedGeneration":1,"desiredNumberScheduled":4,"currentNumberScheduled":4,"updatedNumberScheduled":4,"numberAvailable":4,"numberReady":4}}""" },
        { "fewer ready", "DaemonSet", "InProgress", "done", $"{Kubectl}; the gate also asks each pod whether it is ready", """{"status":{"observedGeneration":1,"desiredNumberScheduled":4,"currentNumberScheduled":4,"updatedNumberScheduled":4,"numberAvailable":4,"numberReady":2}}""" },
        { "of an older generation", "DaemonSet", "InProgress", "waiting", null, """{"metadata":{"generation":2},"status":{"observedGeneration":1,"desiredNumberScheduled":4,"currentNumberScheduled":4,"updatedNumberScheduled":4,"numberAvailable":4,"numberReady":4}}""" },
        { "fewer available", "DaemonSet", "InProgress", "waiting", null, """{"status":{"observedGeneration":1,"desiredNumberScheduled":4,"currentNumberScheduled":4,"updatedNumberScheduled":4,"numberAvailable":2,"numberReady":4}}""" },
        { "fewer updated", "DaemonSet", "InProgress", "waiting", null, """{"status":{"observedGeneration":1,"desiredNumberScheduled":4,"currentNumberScheduled":4,"updatedNumberScheduled":3,"numberAvailable":4,"numberReady":4}}""" },

        { "nothing observed yet", "Deployment", "InProgress", "waiting", null, """{"status":{}}""" },
        { "all there", "Deployment", "Current", "done", null, """{"status":{"observedGeneration":1,"updatedReplicas":1,"readyReplicas":1,"availableReplicas":1,"replicas":1,"conditions":[{"type":"Progressing","status":"True","reason":"NewReplicaSetAvailable"},{"type":"Available","status":"True"}]}}""" },
        { "not progressing", "Deployment", "InProgress", "done", Kubectl, """{"spec":{"progressDeadlineSeconds":45},"status":{"observedGeneration":1,"updatedReplicas":1,"readyReplicas":1,"availableReplicas":1,"replicas":1,"conditions":[{"type":"Progressing","status":"False","reason":"Some reason"},{"type":"Available","status":"True"}]}}""" },
        { "without a deadline", "Deployment", "Current", "done", null, """{"status":{"observedGeneration":1,"updatedReplicas":1,"readyReplicas":1,"availableReplicas":1,"replicas":1,"conditions":[{"type":"Available","status":"True"}]}}""" },
        { "not available", "Deployment", "InProgress", "done", Kubectl, """{"status":{"observedGeneration":1,"updatedReplicas":1,"readyReplicas":1,"availableReplicas":1,"replicas":1,"conditions":[{"type":"Progressing","status":"True","reason":"NewReplicaSetAvailable"},{"type":"Available","status":"False"}]}}""" },
        { "over its deadline", "Deployment", "Failed", "failed", null, """{"spec":{"progressDeadlineSeconds":45},"status":{"observedGeneration":1,"updatedReplicas":1,"replicas":1,"conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded"}]}}""" },
        { "old pods still there", "Deployment", "InProgress", "waiting", null, """{"status":{"observedGeneration":1,"updatedReplicas":1,"readyReplicas":2,"availableReplicas":2,"replicas":2}}""" },
        { "of an older generation", "Deployment", "InProgress", "waiting", null, """{"metadata":{"generation":2},"status":{"observedGeneration":1,"updatedReplicas":1,"readyReplicas":1,"availableReplicas":1,"replicas":1}}""" },
        { "being deleted", "Deployment", "Terminating", "done", "its pods still serve; kubectl does not look at it, and the health of what goes is Progressing", """{"metadata":{"deletionTimestamp":"2026-03-02T09:00:00Z"},"status":{"observedGeneration":1,"updatedReplicas":1,"readyReplicas":1,"availableReplicas":1,"replicas":1,"conditions":[{"type":"Available","status":"True"}]}}""" },
    };

    [Theory]
    [MemberData(nameof(Situations))]
    public void The_adapter_agrees_with_kstatus_or_says_why_not(string situation, string kind, string theirs, string ours, string? why, string parts)
    {
        string said = (string)Given.Explain(Object(kind, parts).ToJsonString()).Summary["rollout"];
        Assert.True(said == ours, $"{kind}, {situation}: {said}");
        string agreeing = theirs switch
        {
            "Current" => "done",
            "Failed" => "failed",
            _ => "waiting",
        };
        Assert.True(said == agreeing == why is null, $"{kind}, {situation}: kstatus says {theirs}, the adapter {said}, and the reason is '{why}'");
    }

    private static JsonObject Object(string kind, string parts)
    {
        var json = new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["name"] = "test", ["namespace"] = "qual", ["uid"] = "u-1", ["generation"] = 1, ["creationTimestamp"] = Given.At(0) },
            ["spec"] = new JsonObject
            {
                // What the API server fills in where nothing is asked for.
                ["replicas"] = kind == nameof(WorkloadKind.DaemonSet) ? null : 1,
                ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "test" } },
                ["template"] = Given.Template("test:1", "test"),
                [kind == nameof(WorkloadKind.Deployment) ? "strategy" : "updateStrategy"] = new JsonObject { ["type"] = "RollingUpdate" },
            },
        };
        foreach (var (name, value) in JsonNode.Parse(parts)!.AsObject())
        {
            if (json[name] is JsonObject known)
                foreach (var (member, inner) in value!.AsObject()) known[member] = inner?.DeepClone();
            else json[name] = value?.DeepClone();
        }
        return json;
    }
}
