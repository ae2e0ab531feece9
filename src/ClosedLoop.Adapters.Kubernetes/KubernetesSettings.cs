using System.Collections.Immutable;
using ClosedLoop.Adapters.Kubernetes.Rollouts;

namespace ClosedLoop.Adapters.Kubernetes;

/// <summary>The options, checked and frozen.</summary>
internal sealed class KubernetesSettings
{
    public required ImmutableArray<WatchedNamespace> Namespaces { get; init; }

    public required TargetNames Names { get; init; }

    public static KubernetesSettings From(KubernetesOptions options) => new()
    {
        Namespaces = [.. options.Namespaces.Select(static n => new WatchedNamespace(n.Name, n.Environment ?? n.Name, n.LabelSelector))],
        Names = new TargetNames(options.Namespaces.ToDictionary(static n => n.Name, static n => n.Environment ?? n.Name, StringComparer.Ordinal), options.TargetPrefix),
    };
}
