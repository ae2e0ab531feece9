using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.GitHub;

namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>A ReplicaSet in the shape of the Kubernetes API.</summary>
internal static class ReplicaSetJson
{
    public static JsonObject Of(SandboxDeployment deployment, SandboxReplicaSet replicaSet)
    {
        var pods = deployment.Pods.Where(p => p.ReplicaSet == replicaSet && p.DeletedAt is null).ToList();
        int ready = pods.Count(static p => p.IsReady);
        var status = new JsonObject { ["replicas"] = pods.Count, ["observedGeneration"] = 1 };
        DeploymentJson.Count(status, "fullyLabeledReplicas", pods.Count);
        DeploymentJson.Count(status, "readyReplicas", ready);
        DeploymentJson.Count(status, "availableReplicas", ready);
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = replicaSet.Name,
                ["namespace"] = SandboxDeployment.Namespace,
                ["uid"] = replicaSet.Uid,
                ["generation"] = 1,
                ["creationTimestamp"] = GitHubJson.Time(replicaSet.CreatedAt),
                ["labels"] = DeploymentJson.Labels(deployment, replicaSet.Hash),
                ["annotations"] = new JsonObject
                {
                    ["deployment.kubernetes.io/desired-replicas"] = DeploymentJson.Number(SandboxDeployment.Replicas),
                    ["deployment.kubernetes.io/max-replicas"] = DeploymentJson.Number(SandboxDeployment.Replicas + 1),
                    [DeploymentJson.RevisionAnnotation] = DeploymentJson.Number(replicaSet.Revision),
                },
                ["ownerReferences"] = DeploymentJson.OwnedBy("apps/v1", "Deployment", deployment.Name, deployment.Uid),
            },
            ["spec"] = new JsonObject
            {
                ["replicas"] = pods.Count,
                ["selector"] = new JsonObject { ["matchLabels"] = DeploymentJson.Labels(deployment, replicaSet.Hash) },
                ["template"] = DeploymentJson.Template(deployment, replicaSet.Image, replicaSet.RestartedAt, replicaSet.Hash),
            },
            ["status"] = status,
        };
    }
}
