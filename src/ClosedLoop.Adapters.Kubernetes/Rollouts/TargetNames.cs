using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Kubernetes.Rollouts;

/// <summary>Names environments and targets: by namespace and prefix as configured, else the namespace is the environment.</summary>
internal sealed class TargetNames(IReadOnlyDictionary<string, string> environments, string prefix)
{
    /// <summary>Nothing configured.</summary>
    public static TargetNames Plain { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal), "");

    public string EnvironmentOf(Workload workload) => environments.TryGetValue(workload.Namespace, out string? name) ? name : workload.Namespace;

    public string TargetOf(Workload workload) => prefix + workload.Target;

    public Key SubjectOf(Workload workload) => Key.Environment($"{EnvironmentOf(workload)}/{TargetOf(workload)}");
}
