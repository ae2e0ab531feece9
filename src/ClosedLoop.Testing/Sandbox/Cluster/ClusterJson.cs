using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.GitHub;

namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>The cluster's objects in the shapes of the Kubernetes API. Its timestamps have a resolution of one second.</summary>
internal static class ClusterJson
{
    /// <summary>Says on an event which image it is about; Flux copies annotations with this prefix into its events.</summary>
    public const string ImageAnnotation = "event.toolkit.fluxcd.io/image";

    /// <summary>Says on an event which image still serves beside it, and on a Deployment which one ran last in full.</summary>
    public const string PreviousAnnotation = "event.toolkit.fluxcd.io/previous-image";

    /// <summary>Says on an event which place it has among all: several events of one generation can have one timestamp.</summary>
    public const string SequenceAnnotation = "event.toolkit.fluxcd.io/sequence";

    /// <summary>Says on an event which generation of the Deployment it is about.</summary>
    public const string GenerationAnnotation = "event.toolkit.fluxcd.io/generation";

    public static JsonObject Deployment(SandboxDeployment deployment) => new()
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "Deployment",
        ["metadata"] = new JsonObject
        {
            ["name"] = deployment.Name,
            ["namespace"] = SandboxDeployment.Namespace,
            ["uid"] = deployment.Uid,
            ["generation"] = deployment.Generation,
            ["resourceVersion"] = Number((deployment.Generation * 10) + deployment.Available),
            ["creationTimestamp"] = GitHubJson.Time(deployment.CreatedAt),
            ["annotations"] = Annotations(deployment),
            ["labels"] = new JsonObject { ["app"] = deployment.Name },
        },
        ["spec"] = new JsonObject
        {
            ["replicas"] = SandboxDeployment.Replicas,
            ["progressDeadlineSeconds"] = 600,
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = deployment.Name } },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = deployment.Name } },
                ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = deployment.Name, ["image"] = deployment.Image }) },
            },
        },
        ["status"] = Status(deployment),
    };

    public static JsonObject Event(ClusterEvent raised) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = $"{raised.Deployment}.{raised.Sequence:x16}",
            ["namespace"] = SandboxDeployment.Namespace,
            ["resourceVersion"] = Number(raised.Sequence),
            ["creationTimestamp"] = GitHubJson.Time(raised.At),
            ["annotations"] = Annotations(raised),
        },
        ["involvedObject"] = Involved(raised),
        ["reason"] = raised.Reason,
        ["message"] = raised.Message,
        ["source"] = new JsonObject { ["component"] = "deploy-controller" },
        ["firstTimestamp"] = GitHubJson.Time(raised.At),
        ["lastTimestamp"] = GitHubJson.Time(raised.At),
        ["count"] = 1,
        ["type"] = raised.Reason is RolloutReasons.Failed or RolloutReasons.Unhealthy or RolloutReasons.Rejected ? "Warning" : "Normal",
    };

    public static JsonObject List(string apiVersion, string kind, int version, IEnumerable<JsonObject> items) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["resourceVersion"] = Number(version) },
        ["items"] = new JsonArray([.. items]),
    };

    public static JsonObject Annotations(ClusterEvent raised)
    {
        var annotations = new JsonObject { [ImageAnnotation] = raised.Image, [GenerationAnnotation] = Number(raised.Generation), [SequenceAnnotation] = Number(raised.Sequence) };
        if (raised.PreviousImage is { } previous) annotations[PreviousAnnotation] = previous;
        return annotations;
    }

    public static JsonObject Involved(ClusterEvent raised) => new()
    {
        ["kind"] = "Deployment",
        ["namespace"] = SandboxDeployment.Namespace,
        ["name"] = raised.Deployment,
        ["uid"] = raised.Uid,
        ["apiVersion"] = "apps/v1",
    };

    private static JsonObject Annotations(SandboxDeployment deployment)
    {
        var annotations = new JsonObject { ["deployment.kubernetes.io/revision"] = Number(deployment.Generation) };
        if (deployment.PreviousImage is { } previous) annotations[PreviousAnnotation] = previous;
        return annotations;
    }

    private static JsonObject Status(SandboxDeployment deployment)
    {
        bool failed = deployment.Reason == RolloutReasons.Failed;
        var status = new JsonObject
        {
            ["observedGeneration"] = deployment.ObservedGeneration,
            ["conditions"] = new JsonArray(
                Condition("Available", deployment.Available > 0, "MinimumReplicasAvailable", deployment.CreatedAt),
                Condition("Progressing", !failed, deployment.Reason == RolloutReasons.Mixed ? RolloutReasons.Started : deployment.Reason, deployment.ReasonSince)),
        };
        // The API leaves out counts that are zero.
        Count("replicas", deployment.Total);
        Count("updatedReplicas", deployment.Updated);
        Count("readyReplicas", deployment.Available);
        Count("availableReplicas", deployment.Available);
        Count("unavailableReplicas", deployment.Total - deployment.Available);
        return status;

        void Count(string name, int count)
        {
            if (count > 0) status[name] = count;
        }
    }

    private static JsonObject Condition(string type, bool holds, string reason, DateTimeOffset at) => new()
    {
        ["type"] = type,
        ["status"] = holds ? "True" : "False",
        ["reason"] = reason,
        ["lastUpdateTime"] = GitHubJson.Time(at),
        ["lastTransitionTime"] = GitHubJson.Time(at),
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
