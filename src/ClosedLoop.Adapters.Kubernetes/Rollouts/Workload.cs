using System.Text.Json;

namespace ClosedLoop.Adapters.Kubernetes.Rollouts;

/// <summary>One Deployment, StatefulSet or DaemonSet as the API shows it.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Namespace">Its namespace; <c>default</c> when the object does not say.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid; empty when the object does not say. An object that is made again has another one.</param>
/// <param name="Generation">The number of its spec; 0 when the object does not say.</param>
/// <param name="CreatedAt">When this object (this uid) was made, or null.</param>
/// <param name="Json">All of it.</param>
internal sealed record Workload(WorkloadKind Kind, string Namespace, string Name, string Uid, long Generation, DateTimeOffset? CreatedAt, JsonElement Json)
{
    // The largest that fits into an ordinal beside a time; a spec that changes each second gets there after 68 years.
    private const long MaxGeneration = int.MaxValue;

    // What the API server takes; longer ones are not from there.
    private const int MaxNameLength = 253;

    /// <summary>The name of the target: Deployments by their own name, the others with their kind, since names are unique only within one.</summary>
    public string Target => Kind switch
    {
        WorkloadKind.StatefulSet => $"statefulset/{Name}",
        WorkloadKind.DaemonSet => $"daemonset/{Name}",
        _ => Name,
    };

    /// <summary>The images of its pod template.</summary>
    public IEnumerable<JsonElement> Containers => Json.Member("spec", "template", "spec") is { } pod ? pod.Elements("containers") : [];

    /// <summary>The digests by which the template pins its images; null unless it pins every one.</summary>
    public IReadOnlyList<string>? PinnedDigests
    {
        get
        {
            var digests = new List<string>();
            foreach (var container in Containers)
            {
                if (ImageDigest.OfPinned(container.Text("image")) is not { } digest) return null;
                digests.Add(digest);
            }
            return digests.Count == 0 ? null : digests;
        }
    }

    public static WorkloadKind? KindOf(JsonElement json) => json.Text("kind") switch
    {
        "Deployment" => WorkloadKind.Deployment,
        "StatefulSet" => WorkloadKind.StatefulSet,
        "DaemonSet" => WorkloadKind.DaemonSet,
        _ => null,
    };

    /// <summary>Reads the object; null when it has no usable name. Items of a list do not name their kind.</summary>
    public static Workload? Read(WorkloadKind kind, JsonElement json)
    {
        if (json.Member("metadata") is not { } about || !IsName(about.Text("name"), out string name)) return null;
        if (!IsName(about.Text("namespace") ?? "default", out string space)) return null;
        return new Workload(kind, space, name, about.Text("uid") ?? "", Math.Clamp(about.Number("generation") ?? 0, 0, MaxGeneration), about.Time("creationTimestamp"), json);
    }

    private static bool IsName(string? text, out string name)
    {
        name = text ?? "";
        return name.Length is > 0 and <= MaxNameLength && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');
    }
}
