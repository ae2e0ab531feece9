using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Cluster;
using ClosedLoop.Testing.Sandbox.GitHub;
using ClosedLoop.Testing.Sandbox.Registry;
using ClosedLoop.Testing.Sandbox.Webhooks;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.GitOps;

/// <summary>The Rollouts of Argo Rollouts, and notifications about them with the body that the adapter's README gives.</summary>
internal sealed class ArgoRolloutsView(WorldState world) : IGitOpsView
{
    public (string GroupVersion, string Plural) Resource => ("argoproj.io/v1alpha1", "rollouts");

    public string ListKind => "RolloutList";

    public string Namespace => SandboxDeployment.Namespace;

    public JsonObject Object(GitOpsObject item)
    {
        bool seen = item.ObservedGeneration == item.Generation, healthy = item.Step == RolloutStep.Verified, failed = item.Step == RolloutStep.Failed;
        // Until it is taken up, all that the status says is of before.
        string current = seen ? HashOf(item.Image) : HashOf(item.Stable);
        int updated = item.Step switch { RolloutStep.Started or RolloutStep.Failed => 1, RolloutStep.Mixed => 1, _ => SandboxDeployment.Replicas };
        var metadata = item.Metadata(Namespace);
        metadata["annotations"] = new JsonObject { ["rollout.argoproj.io/revision"] = Number(item.Generation) };
        return new JsonObject
        {
            ["apiVersion"] = Resource.GroupVersion,
            ["kind"] = "Rollout",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["replicas"] = SandboxDeployment.Replicas,
                ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = item.Name } },
                ["strategy"] = new JsonObject { ["canary"] = new JsonObject { ["maxSurge"] = 1, ["maxUnavailable"] = 0 } },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = item.Name } },
                    ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = item.Name, ["image"] = item.AddressOf(item.Image) }) },
                },
            },
            ["status"] = new JsonObject
            {
                // A number in a string.
                ["observedGeneration"] = Number(item.ObservedGeneration),
                ["phase"] = healthy || !seen ? "Healthy" : failed ? "Degraded" : "Progressing",
                ["message"] = healthy || !seen ? "" : failed ? "ProgressDeadlineExceeded: ReplicaSet has timed out progressing." : "more replicas need to be updated",
                ["replicas"] = SandboxDeployment.Replicas + (updated == 1 ? 1 : 0),
                ["updatedReplicas"] = updated,
                ["readyReplicas"] = SandboxDeployment.Replicas,
                ["availableReplicas"] = SandboxDeployment.Replicas,
                ["currentPodHash"] = current,
                ["stableRS"] = HashOf(item.Stable),
                ["conditions"] = new JsonArray(
                    Condition(item, "Progressing", failed ? "False" : "True", failed ? "ProgressDeadlineExceeded" : healthy ? "NewReplicaSetAvailable" : "ReplicaSetUpdated"),
                    Condition(item, "Healthy", healthy ? "True" : "False", healthy ? "RolloutHealthy" : "RolloutNotHealthy"),
                    Condition(item, "Completed", healthy ? "True" : "False", healthy ? "RolloutCompleted" : "RolloutNotCompleted")),
            },
        };
    }

    public void Tell(GitOpsObject item, RolloutStep step)
    {
        // The triggers on-rollout-updated, -completed and -aborted.
        if (step is not (RolloutStep.Started or RolloutStep.Verified or RolloutStep.Failed)) return;
        var rollout = Object(item);
        world.Outbox.Post(new WebhookMessage
        {
            Target = WebhookTarget.ArgoRollouts,
            Event = step switch { RolloutStep.Started => "RolloutUpdated", RolloutStep.Verified => "RolloutCompleted", _ => "RolloutAborted" },
            Body = WebhookSignature.Bytes(new JsonObject
            {
                ["kind"] = "Rollout",
                ["metadata"] = rollout["metadata"]!.DeepClone(),
                ["spec"] = new JsonObject { ["strategy"] = rollout["spec"]!["strategy"]!.DeepClone(), ["template"] = rollout["spec"]!["template"]!.DeepClone() },
                ["status"] = rollout["status"]!.DeepClone(),
            }),
            ContentType = "application/json",
            Headers = [("X-ClosedLoop-Token", world.Secrets.DeliveryWebhookSecret), ("User-Agent", "Go-http-client/1.1")],
        });
    }

    private static string HashOf(SandboxImage image) => image.Digest[7..17];

    private static JsonObject Condition(GitOpsObject item, string type, string status, string reason) => new()
    {
        ["type"] = type,
        ["status"] = status,
        ["reason"] = reason,
        ["lastTransitionTime"] = GitHubJson.Time(item.Since),
        ["lastUpdateTime"] = GitHubJson.Time(item.Since),
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
