using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.GitHub;

namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>A Deployment in the shape of the Kubernetes API, and what others share with it. Its timestamps have a resolution of one second.</summary>
internal static class DeploymentJson
{
    public const string RevisionAnnotation = "deployment.kubernetes.io/revision";

    public static JsonObject Of(SandboxDeployment deployment) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = deployment.Name,
            ["namespace"] = SandboxDeployment.Namespace,
            ["uid"] = deployment.Uid,
            ["generation"] = deployment.Generation,
            ["creationTimestamp"] = GitHubJson.Time(deployment.CreatedAt),
            ["labels"] = Labels(deployment),
            ["annotations"] = new JsonObject { [RevisionAnnotation] = Number(deployment.Revision) },
        },
        ["spec"] = new JsonObject
        {
            ["replicas"] = SandboxDeployment.Replicas,
            ["selector"] = new JsonObject { ["matchLabels"] = Labels(deployment) },
            ["template"] = Template(deployment, deployment.Image, deployment.RestartedAt, null),
            ["strategy"] = new JsonObject { ["type"] = "RollingUpdate", ["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = 0, ["maxSurge"] = 1 } },
            ["revisionHistoryLimit"] = SandboxDeployment.HistoryLimit,
            ["progressDeadlineSeconds"] = 600,
        },
        ["status"] = Status(deployment),
    };

    public static JsonObject Labels(SandboxDeployment deployment, string? hash = null)
    {
        var labels = new JsonObject { ["app"] = deployment.Name };
        if (hash is not null) labels["pod-template-hash"] = hash;
        return labels;
    }

    /// <summary>A pod template; in a ReplicaSet it has the hash as a label.</summary>
    public static JsonObject Template(SandboxDeployment deployment, string image, string? restartedAt, string? hash)
    {
        var about = new JsonObject { ["creationTimestamp"] = null, ["labels"] = Labels(deployment, hash) };
        if (restartedAt is not null) about["annotations"] = new JsonObject { ["kubectl.kubernetes.io/restartedAt"] = restartedAt };
        return new JsonObject { ["metadata"] = about, ["spec"] = PodSpec(deployment, image) };
    }

    public static JsonObject PodSpec(SandboxDeployment deployment, string image) => new()
    {
        ["containers"] = new JsonArray(new JsonObject { ["name"] = deployment.Name, ["image"] = image, ["resources"] = new JsonObject(), ["imagePullPolicy"] = "IfNotPresent" }),
        ["restartPolicy"] = "Always",
        ["terminationGracePeriodSeconds"] = 30,
        ["securityContext"] = new JsonObject(),
    };

    public static JsonArray OwnedBy(string apiVersion, string kind, string name, string uid) => new(new JsonObject
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["name"] = name,
        ["uid"] = uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    });

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The API leaves out counts that are zero.</summary>
    public static void Count(JsonObject status, string name, int count)
    {
        if (count > 0) status[name] = count;
    }

    private static JsonObject Status(SandboxDeployment deployment)
    {
        var status = new JsonObject { ["observedGeneration"] = deployment.ObservedGeneration };
        Count(status, "replicas", deployment.Total);
        Count(status, "updatedReplicas", deployment.Updated);
        Count(status, "readyReplicas", deployment.Available);
        Count(status, "availableReplicas", deployment.Available);
        Count(status, "unavailableReplicas", Math.Max(0, SandboxDeployment.Replicas - deployment.Available));
        status["conditions"] = new JsonArray(
            Condition("Available", deployment.IsAvailable, deployment.IsAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable", deployment.AvailableSince),
            Condition("Progressing", deployment.Reason != RolloutReasons.Failed, deployment.Reason, deployment.ReasonSince));
        return status;
    }

    private static JsonObject Condition(string type, bool holds, string reason, DateTimeOffset at) => new()
    {
        ["type"] = type,
        ["status"] = holds ? "True" : "False",
        ["lastUpdateTime"] = GitHubJson.Time(at),
        ["lastTransitionTime"] = GitHubJson.Time(at),
        ["reason"] = reason,
    };
}
