namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>One collection of the API.</summary>
/// <param name="Path">Its path, without a slash before it.</param>
/// <param name="ApiVersion">The version of its objects.</param>
/// <param name="Kind">Their kind.</param>
internal sealed record ClusterCollection(string Path, string ApiVersion, string Kind)
{
    public static ClusterCollection Deployments { get; } = Apps("deployments", "Deployment");

    public static ClusterCollection ReplicaSets { get; } = Apps("replicasets", "ReplicaSet");

    public static ClusterCollection Pods { get; } = new($"api/v1/namespaces/{SandboxDeployment.Namespace}/pods", "v1", "Pod");

    /// <summary>All of them; the last two are empty.</summary>
    public static IReadOnlyList<ClusterCollection> All { get; } = [Deployments, ReplicaSets, Pods, Apps("statefulsets", "StatefulSet"), Apps("daemonsets", "DaemonSet")];

    private static ClusterCollection Apps(string name, string kind) => new($"apis/apps/v1/namespaces/{SandboxDeployment.Namespace}/{name}", "apps/v1", kind);
}
