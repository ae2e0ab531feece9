using ClosedLoop.Adapters;
using ClosedLoop.Adapters.CDEvents;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.GitLab;
using ClosedLoop.Adapters.GitOps;
using ClosedLoop.Adapters.Health;
using ClosedLoop.Adapters.Jenkins;
using ClosedLoop.Adapters.Kubernetes;
using ClosedLoop.Adapters.Oci;

namespace ClosedLoop.Cli.Explaining;

/// <summary>Makes of a payload what one adapter makes of it.</summary>
internal delegate PayloadExplanation Explainer(ReadOnlyMemory<byte> input, string? eventName);

/// <summary>The adapters that can explain what they read, by the name that they are registered with.</summary>
internal static class Explainers
{
    public static IReadOnlyDictionary<string, Explainer> All { get; } = new SortedDictionary<string, Explainer>(StringComparer.Ordinal)
    {
        [ArgoCDAdapter.Name] = ArgoCDAdapter.Explain,
        [ArgoRolloutsAdapter.Name] = ArgoRolloutsAdapter.Explain,
        [CDEventsAdapter.Name] = CDEventsAdapter.Explain,
        [FluxAdapter.Name] = FluxAdapter.Explain,
        [GitHubAdapter.Name] = GitHubAdapter.Explain,
        [GitLabAdapter.Name] = GitLabAdapter.Explain,
        [HealthAdapter.Name] = HealthAdapter.Explain,
        [JenkinsAdapter.Name] = JenkinsAdapter.Explain,
        [KubernetesAdapter.Name] = KubernetesAdapter.Explain,
        [OciAdapter.Name] = OciAdapter.Explain,
    };
}
