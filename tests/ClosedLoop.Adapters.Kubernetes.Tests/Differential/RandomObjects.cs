using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Adapters.Kubernetes.Tests.Support;

namespace ClosedLoop.Adapters.Kubernetes.Tests.Differential;

/// <summary>Workloads and ReplicaSets in every state that matters to kubectl, from one seed.</summary>
internal sealed class RandomObjects(int seed)
{
    private static readonly string[] Annotations = ["team", "kubernetes.io/change-cause", "kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/desired-replicas", "deployment.kubernetes.io/revision-history"];

#pragma warning disable CA5394 // Seeded on purpose: the same cases each time.
    private readonly Random _random = new(seed);

    public JsonObject Workload()
    {
        var json = Next(4) switch
        {
            0 => Stateful(),
            1 => Daemon(),
            _ => Deployment(),
        };
        Status(json);
        return json;
    }

    /// <summary>A Deployment with up to six ReplicaSets of it and of others.</summary>
    public List<JsonObject> History()
    {
        string[] images = ["web:1", "web:2", "web:3"];
        var deployment = Given.Deployment(images[Next(3)], generation: 7);
        deployment["spec"]!["template"] = Vary(deployment["spec"]!["template"]!);
        if (Once(8)) deployment["spec"]!["paused"] = true;
        foreach (string name in Annotations)
            if (Once(2))
                deployment["metadata"]!["annotations"]![name] = $"of the deployment {Next(3)}";
        List<JsonObject> all = [deployment];
        int sets = 1 + Next(6);
        for (int i = 0; i < sets; i++)
        {
            var set = Given.ReplicaSet($"h{i}", images[Next(3)], revision: (i + Next(2)).ToString(CultureInfo.InvariantCulture), createdAt: Next(4), owner: Once(12) ? "d-2" : "d-1");
            // Sometimes the very template of the Deployment.
            var template = (JsonObject)(Once(3) ? deployment["spec"]!["template"]!.DeepClone() : Vary(set["spec"]!["template"]!));
            template["metadata"]!["labels"]!["pod-template-hash"] = $"h{i}";
            set["spec"]!["template"] = template;
            var annotations = (JsonObject)set["metadata"]!["annotations"]!;
            if (Once(6)) annotations.Remove("deployment.kubernetes.io/revision");
            else if (Once(9)) annotations["deployment.kubernetes.io/revision"] = new[] { "", "x", "+4", "-2", "007", "99999999999999999999" }[Next(6)];
            foreach (string name in Annotations)
                if (Once(2))
                    annotations[name] = $"of the set {Next(3)}";
            if (Once(15)) set["metadata"]!["labels"]!["app"] = "other";
            if (Once(15)) set["metadata"]!["ownerReferences"]![0]!["controller"] = false;
            all.Add(set);
        }
        return all;
    }

    /// <summary>A StatefulSet or DaemonSet with up to six ControllerRevisions of it and of others.</summary>
    public List<JsonObject> Revisions(string kind)
    {
        var workload = kind == "StatefulSet" ? Given.StatefulSet() : Given.DaemonSet();
        string name = workload["metadata"]!["name"]!.GetValue<string>();
        string[] images = ["app:1", "app:2", "app:3"];
        workload["spec"]!["template"] = Vary(Given.Template(images[Next(3)], name));
        List<JsonObject> all = [workload];
        int revisions = Next(7);
        for (int i = 0; i < revisions; i++)
        {
            // Sometimes the very template of the workload.
            var template = Once(3) ? (JsonObject)workload["spec"]!["template"]!.DeepClone() : Vary(Given.Template(images[Next(3)], name));
            // One label that only a Deployment's templates may differ in.
            if (Once(8)) template["metadata"]!["labels"]!["pod-template-hash"] = "h";
            var revision = Given.ControllerRevision(workload, i + Next(2), template);
            if (Once(8)) revision.Remove("revision");
            if (Once(10)) revision["metadata"]!["ownerReferences"]![0]!["uid"] = "other";
            if (Once(15)) revision["metadata"]!["labels"]!["app"] = "other";
            if (Once(15)) revision["metadata"]!["ownerReferences"]![0]!["controller"] = false;
            all.Insert(1 + Next(all.Count), revision);
        }
        return all;
    }

    public int Next(int below) => _random.Next(below);

    public bool Once(int of) => _random.Next(of) == 0;

    // Members that the API server fills in or leaves out, and members that mean something.
    private JsonObject Vary(JsonNode template)
    {
        var copy = (JsonObject)template.DeepClone();
        var spec = (JsonObject)copy["spec"]!;
        var container = (JsonObject)spec["containers"]![0]!;
        if (Once(6)) spec["terminationGracePeriodSeconds"] = 30 + Next(2);
        if (Once(6)) spec["securityContext"] = Once(2) ? new JsonObject() : new JsonObject { ["runAsNonRoot"] = Once(2) };
        if (Once(6)) container["args"] = Once(2) ? new JsonArray() : new JsonArray("--verbose", $"{Next(2)}");
        if (Once(6)) container["env"] = new JsonArray(new JsonObject { ["name"] = "LEVEL", ["value"] = $"{Next(2)}" });
        if (Once(6)) container["resources"] = new JsonObject { ["limits"] = new JsonObject { ["memory"] = $"{Next(2) + 1}Gi" } };
        if (Once(6)) container.Remove("resources");
        if (Once(6)) spec["volumes"] = new JsonArray(new JsonObject { ["name"] = "tmp", ["emptyDir"] = new JsonObject() });
        if (Once(6)) copy["metadata"]!["annotations"] = Once(2) ? new JsonObject() : new JsonObject { ["restartedAt"] = $"{Next(2)}" };
        if (Once(6)) ((JsonObject)copy["metadata"]!).Remove("creationTimestamp");
        return copy;
    }

    private JsonObject Deployment()
    {
        var json = Given.Deployment();
        var status = (JsonObject)json["status"]!;
        foreach (string name in (string[])["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"]) Number(status, name);
        if (Once(5)) status["conditions"]![1]!["reason"] = "ProgressDeadlineExceeded";
        if (Once(5)) status["conditions"]![1]!["status"] = Once(2) ? "False" : "Unknown";
        if (Once(8)) status.Remove("conditions");
        if (Once(8)) json["spec"]!["paused"] = true;
        return json;
    }

    private JsonObject Stateful()
    {
        var json = Given.StatefulSet();
        var status = (JsonObject)json["status"]!;
        foreach (string name in (string[])["replicas", "readyReplicas", "updatedReplicas", "currentReplicas"]) Number(status, name);
        if (Once(2)) status["updateRevision"] = "db-2";
        var strategy = (JsonObject)json["spec"]!["updateStrategy"]!;
        if (Once(6)) strategy["type"] = "OnDelete";
        if (Once(3)) strategy.Remove("rollingUpdate");
        else if (Once(3)) strategy["rollingUpdate"] = new JsonObject();
        else strategy["rollingUpdate"]!["partition"] = Next(4);
        return json;
    }

    private JsonObject Daemon()
    {
        var json = Given.DaemonSet();
        foreach (string name in (string[])["desiredNumberScheduled", "updatedNumberScheduled", "numberAvailable"]) Number((JsonObject)json["status"]!, name);
        if (Once(6)) json["spec"]!["updateStrategy"]!["type"] = "OnDelete";
        return json;
    }

    private void Status(JsonObject json)
    {
        json["metadata"]!["generation"] = Next(3) + 1;
        json["status"]!["observedGeneration"] = Once(3) ? Next(4) : json["metadata"]!["generation"]!.GetValue<int>();
        if (Once(12)) ((JsonObject)json["status"]!).Remove("observedGeneration");
        if (Once(20)) ((JsonObject)json["metadata"]!).Remove("generation");
        if (Once(25)) json.Remove("status");
        if (json["spec"]!["replicas"] is not null) Number((JsonObject)json["spec"]!, "replicas");
    }

    // Zero is left out by the API server, so absent is common.
    private void Number(JsonObject json, string name)
    {
        int value = Once(3) ? Next(5) : 2;
        if (value == 0 && Once(2)) json.Remove(name);
        else json[name] = value;
    }
}
