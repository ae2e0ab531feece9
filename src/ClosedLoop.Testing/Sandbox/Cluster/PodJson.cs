using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.GitHub;

namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>A pod in the shape of the Kubernetes API, on a node that runs containerd.</summary>
internal static class PodJson
{
    private const int GraceSeconds = 30;

    public static JsonObject Of(SandboxDeployment deployment, SandboxPod pod)
    {
        var about = new JsonObject
        {
            ["name"] = pod.Name,
            ["generateName"] = pod.ReplicaSet.Name + "-",
            ["namespace"] = SandboxDeployment.Namespace,
            ["uid"] = pod.Uid,
            ["creationTimestamp"] = GitHubJson.Time(pod.CreatedAt),
            ["labels"] = DeploymentJson.Labels(deployment, pod.ReplicaSet.Hash),
            ["ownerReferences"] = DeploymentJson.OwnedBy("apps/v1", "ReplicaSet", pod.ReplicaSet.Name, pod.ReplicaSet.Uid),
        };
        if (pod.DeletedAt is { } deleted)
        {
            // When it must be gone, not when it was asked to go.
            about["deletionTimestamp"] = GitHubJson.Time(deleted.AddSeconds(GraceSeconds));
            about["deletionGracePeriodSeconds"] = GraceSeconds;
        }
        var spec = DeploymentJson.PodSpec(deployment, pod.ReplicaSet.Image);
        spec["nodeName"] = "node-1";
        bool isReady = pod.State == PodState.Ready;
        return new JsonObject
        {
            ["metadata"] = about,
            ["spec"] = spec,
            ["status"] = new JsonObject
            {
                ["phase"] = pod.State == PodState.Creating ? "Pending" : "Running",
                ["conditions"] = new JsonArray(
                    Condition("PodScheduled", true, pod.CreatedAt),
                    Condition("Initialized", true, pod.CreatedAt),
                    Condition("ContainersReady", isReady, pod.ReadySince),
                    Condition("Ready", isReady, pod.ReadySince)),
                ["startTime"] = GitHubJson.Time(pod.CreatedAt),
                ["containerStatuses"] = new JsonArray(Container(deployment, pod, isReady)),
            },
        };
    }

    private static JsonObject Container(SandboxDeployment deployment, SandboxPod pod, bool isReady)
    {
        string image = pod.ReplicaSet.Image;
        return new JsonObject
        {
            ["name"] = deployment.Name,
            ["image"] = image,
            // Empty until it was pulled; containerd then names the digest that was asked for.
            ["imageID"] = pod.State == PodState.Creating ? "" : image,
            ["ready"] = isReady,
            ["started"] = pod.State is PodState.Ready or PodState.NotReady,
            ["restartCount"] = pod.Restarts,
            ["state"] = pod.State switch
            {
                PodState.Creating => new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "ContainerCreating" } },
                PodState.Crashed => new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "CrashLoopBackOff", ["message"] = $"back-off 10s restarting failed container={deployment.Name} pod={pod.Name}" } },
                _ => new JsonObject { ["running"] = new JsonObject { ["startedAt"] = GitHubJson.Time(pod.StartedAt) } },
            },
            ["lastState"] = pod.CrashedAt is { } crashed
                ? new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = 1, ["reason"] = "Error", ["startedAt"] = GitHubJson.Time(pod.StartedAt), ["finishedAt"] = GitHubJson.Time(crashed) } }
                : new JsonObject(),
        };
    }

    private static JsonObject Condition(string type, bool holds, DateTimeOffset at) => new()
    {
        ["type"] = type,
        ["status"] = holds ? "True" : "False",
        ["lastProbeTime"] = null,
        ["lastTransitionTime"] = GitHubJson.Time(at),
    };
}
