using System.Text.Json;

namespace ClosedLoop.Adapters.Kubernetes.Rollouts;

/// <summary>Finds a Deployment's ReplicaSets, and the one that has its template. Pure.</summary>
internal static class ReplicaSets
{
    /// <summary>Those that the Deployment controls, oldest first, by name where they are equally old.</summary>
    public static List<JsonElement> OwnedBy(Workload deployment, IEnumerable<JsonElement> replicaSets)
    {
        if (deployment.Uid.Length == 0) return [];
        return [.. replicaSets.Where(r => NamespaceOf(r) == deployment.Namespace && Owner.UidOf(r) == deployment.Uid).OrderBy(static r => CreatedAt(r) ?? DateTimeOffset.MinValue).ThenBy(static r => r.Text("metadata", "name") ?? "", StringComparer.Ordinal)];
    }

    /// <summary>The oldest of those whose template is the Deployment's own, or null when there is none yet.</summary>
    public static JsonElement? Newest(Workload deployment, IEnumerable<JsonElement> ownedOldestFirst)
    {
        var wanted = deployment.Json.Member("spec", "template");
        foreach (var replicaSet in ownedOldestFirst)
            if (PodTemplate.EqualIgnoringHash(replicaSet.Member("spec", "template"), wanted))
                return replicaSet;
        return null;
    }

    public static string? UidOf(JsonElement json) => json.Text("metadata", "uid");

    public static string NamespaceOf(JsonElement json) => json.Text("metadata", "namespace") ?? "default";

    public static DateTimeOffset? CreatedAt(JsonElement json) => json.Member("metadata")?.Time("creationTimestamp");
}
