using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Kubernetes.Tests.Support;

/// <summary>The world that the tests share: workloads of the namespace "production", their ReplicaSets and pods, as the API shows them.</summary>
internal static class Given
{
    public const string Namespace = "production";

    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public static string Digest(char c) => "sha256:" + new string(c, 64);

    public static string At(double minutes) => (Start + TimeSpan.FromMinutes(minutes)).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    public static KubernetesOptions Options(Uri? server = null, Action<KubernetesOptions>? change = null)
    {
        var options = new KubernetesOptions { Server = server ?? new Uri("http://127.0.0.1:1/") };
        options.Namespaces.Add(new KubernetesNamespace { Name = Namespace });
        change?.Invoke(options);
        return options;
    }

    public static IProbe Probe(FakeCluster cluster, Action<KubernetesOptions>? change = null, TimeProvider? time = null)
    {
        var options = Options(cluster.Address, change);
        return KubernetesAdapter.Create(options, new HttpClient(KubernetesAdapter.CreateHandler(options)), time ?? TimeProvider.System).Probe!;
    }

    public static ProbeBatch Sweep => new() { Source = KubernetesAdapter.Name, SweepSince = Start, At = Start + TimeSpan.FromHours(1) };

    /// <summary>A Deployment that is done: two replicas of one container, whose image is given.</summary>
    public static JsonObject Deployment(string image = "registry.acme.example/web:1", long generation = 1, int replicas = 2, string name = "web", double completeAt = 5, double createdAt = 0, string uid = "d-1") => new()
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "Deployment",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = Namespace,
            ["uid"] = uid,
            ["generation"] = generation,
            ["resourceVersion"] = "812",
            ["creationTimestamp"] = At(createdAt),
            ["annotations"] = new JsonObject { ["deployment.kubernetes.io/revision"] = "1" },
        },
        ["spec"] = new JsonObject
        {
            ["replicas"] = replicas,
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = name } },
            ["template"] = Template(image, name),
        },
        ["status"] = new JsonObject
        {
            ["observedGeneration"] = generation,
            ["replicas"] = replicas,
            ["updatedReplicas"] = replicas,
            ["readyReplicas"] = replicas,
            ["availableReplicas"] = replicas,
            ["conditions"] = new JsonArray(
                new JsonObject { ["type"] = "Available", ["status"] = "True", ["reason"] = "MinimumReplicasAvailable", ["lastTransitionTime"] = At(completeAt) },
                new JsonObject { ["type"] = "Progressing", ["status"] = "True", ["reason"] = "NewReplicaSetAvailable", ["lastUpdateTime"] = At(completeAt), ["lastTransitionTime"] = At(createdAt) }),
        },
    };

    public static JsonObject Template(string image, string name = "web") => new()
    {
        ["metadata"] = new JsonObject { ["creationTimestamp"] = null, ["labels"] = new JsonObject { ["app"] = name } },
        ["spec"] = new JsonObject
        {
            ["restartPolicy"] = "Always",
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "web", ["image"] = image, ["resources"] = new JsonObject() }),
        },
    };

    public static JsonObject ReplicaSet(string hash, string image = "registry.acme.example/web:1", string revision = "1", string name = "web", double createdAt = 0, string owner = "d-1")
    {
        var template = Template(image, name);
        template["metadata"]!["labels"]!["pod-template-hash"] = hash;
        return new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "ReplicaSet",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{name}-{hash}",
                ["namespace"] = Namespace,
                ["uid"] = $"rs-{hash}",
                ["resourceVersion"] = "811",
                ["creationTimestamp"] = At(createdAt),
                ["labels"] = new JsonObject { ["app"] = name, ["pod-template-hash"] = hash },
                ["annotations"] = new JsonObject { ["deployment.kubernetes.io/revision"] = revision },
                ["ownerReferences"] = Owners("Deployment", owner),
            },
            ["spec"] = new JsonObject { ["replicas"] = 1, ["template"] = template },
        };
    }

    public static JsonObject Pod(string name, string owner, string? imageId, bool isReady = true, double startedAt = 3, double readyAt = 4, string ownerKind = "ReplicaSet", string? revision = null)
    {
        var pod = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = Namespace,
                ["uid"] = $"p-{name}",
                ["creationTimestamp"] = At(startedAt),
                ["ownerReferences"] = Owners(ownerKind, owner),
                ["labels"] = new JsonObject(),
            },
            ["spec"] = new JsonObject { ["restartPolicy"] = "Always", ["containers"] = new JsonArray(new JsonObject { ["name"] = "web" }) },
            ["status"] = new JsonObject
            {
                ["phase"] = "Running",
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = isReady ? "True" : "False", ["lastTransitionTime"] = At(readyAt) }),
                ["containerStatuses"] = new JsonArray(new JsonObject
                {
                    ["name"] = "web",
                    ["image"] = "registry.acme.example/web:1",
                    ["imageID"] = imageId ?? "",
                    ["ready"] = isReady,
                    ["state"] = imageId is null ? new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "ContainerCreating" } } : new JsonObject { ["running"] = new JsonObject { ["startedAt"] = At(startedAt) } },
                }),
            },
        };
        if (revision is not null) pod["metadata"]!["labels"]!["controller-revision-hash"] = revision;
        return pod;
    }

    /// <summary>A Deployment that is done, with its ReplicaSet and two ready pods of one digest.</summary>
    public static List<JsonObject> Running(char digest, string image = "registry.acme.example/web:1", long generation = 1, double at = 5, string hash = "aaa") =>
    [
        Deployment(image, generation, completeAt: at), ReplicaSet(hash, image, revision: $"{generation}", createdAt: at - 3),
        Pod($"web-{hash}-1", $"rs-{hash}", ImageId(digest), startedAt: at - 2, readyAt: at - 1), Pod($"web-{hash}-2", $"rs-{hash}", ImageId(digest), startedAt: at - 2, readyAt: at - 1),
    ];

    public static string ImageId(char digest) => $"registry.acme.example/web@{Digest(digest)}";

    public static JsonObject StatefulSet(string revision = "db-1", long generation = 1, int replicas = 1) => new()
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "StatefulSet",
        ["metadata"] = new JsonObject { ["name"] = "db", ["namespace"] = Namespace, ["uid"] = "s-1", ["resourceVersion"] = "812", ["generation"] = generation, ["creationTimestamp"] = At(0) },
        ["spec"] = new JsonObject { ["replicas"] = replicas, ["selector"] = Selector("db"), ["template"] = Template("registry.acme.example/db:1", "db"), ["updateStrategy"] = new JsonObject { ["type"] = "RollingUpdate", ["rollingUpdate"] = new JsonObject { ["partition"] = 0 } } },
        ["status"] = new JsonObject { ["observedGeneration"] = generation, ["replicas"] = replicas, ["readyReplicas"] = replicas, ["updatedReplicas"] = replicas, ["currentReplicas"] = replicas, ["currentRevision"] = revision, ["updateRevision"] = revision },
    };

    public static JsonObject DaemonSet(long generation = 1, int nodes = 2) => new()
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "DaemonSet",
        ["metadata"] = new JsonObject
        {
            ["name"] = "agent", ["namespace"] = Namespace, ["uid"] = "ds-1", ["resourceVersion"] = "812", ["generation"] = generation, ["creationTimestamp"] = At(0),
            ["annotations"] = new JsonObject { ["deprecated.daemonset.template.generation"] = $"{generation}" },
        },
        ["spec"] = new JsonObject { ["selector"] = Selector("agent"), ["template"] = Template("registry.acme.example/agent:1", "agent"), ["updateStrategy"] = new JsonObject { ["type"] = "RollingUpdate" } },
        ["status"] = new JsonObject { ["observedGeneration"] = generation, ["desiredNumberScheduled"] = nodes, ["updatedNumberScheduled"] = nodes, ["numberAvailable"] = nodes },
    };

    /// <summary>What the controller of a StatefulSet or DaemonSet keeps of a template: a patch, its members in order, with what its types always write.</summary>
    public static JsonObject ControllerRevision(JsonObject workload, long revision, JsonObject template)
    {
        string name = workload["metadata"]!["name"]!.GetValue<string>();
        var kept = (JsonObject)template.DeepClone();
        kept["metadata"]!["creationTimestamp"] = null;
        foreach (var container in kept["spec"]!["containers"]!.AsArray()) container!["resources"] ??= new JsonObject();
        kept["$patch"] = "replace";
        return new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "ControllerRevision",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{name}-r{revision}",
                ["namespace"] = Namespace,
                ["labels"] = new JsonObject { ["app"] = name },
                ["ownerReferences"] = Owners(workload["kind"]!.GetValue<string>(), workload["metadata"]!["uid"]!.GetValue<string>()),
            },
            ["data"] = new JsonObject { ["spec"] = new JsonObject { ["template"] = InOrder(kept) } },
            ["revision"] = revision,
        };
    }

    private static JsonNode? InOrder(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.Where(static p => p.Value is not JsonArray { Count: 0 } && !(p is { Key: "annotations", Value: JsonObject { Count: 0 } }))
            .OrderBy(static p => p.Key, StringComparer.Ordinal).Select(static p => KeyValuePair.Create(p.Key, InOrder(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(InOrder)]),
        _ => node?.DeepClone(),
    };

    public static JsonElement Json(JsonNode node)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(node.ToJsonString()));
        return JsonElement.ParseValue(ref reader);
    }

    public static JsonObject List(params IEnumerable<JsonObject> objects) => new() { ["kind"] = "List", ["apiVersion"] = "v1", ["items"] = new JsonArray([.. objects.Select(static o => o.DeepClone())]) };

    public static PayloadExplanation Explain(params IEnumerable<JsonObject> objects) => Explain(List(objects).ToJsonString());

    public static PayloadExplanation Explain(string text) => KubernetesAdapter.Explain(Encoding.UTF8.GetBytes(text));

    public static Fact Rollout(this ProbeResult result, string target = "web") => Assert.Single(result.Facts, f => f.Kind == Gates.RolledOut && f.Name == target);

    public static Fact? Health(this ProbeResult result, string target = "web") => result.Facts.SingleOrDefault(f => f.Kind == Gates.Healthy && f.Name == target);

    public static IEnumerable<string> DigestsOf(this PayloadExplanation explanation) => (IEnumerable<string>)explanation.Summary["digests"];

    private static JsonObject Selector(string app) => new() { ["matchLabels"] = new JsonObject { ["app"] = app } };

    private static JsonArray Owners(string kind, string uid) => [new JsonObject { ["kind"] = kind, ["uid"] = uid, ["controller"] = true, ["name"] = "owner" }];
}
