using ClosedLoop.Adapters;
using ClosedLoop.Adapters.CDEvents;
using ClosedLoop.Adapters.Gitea;
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
        [GiteaAdapter.Name] = GiteaAdapter.Explain,
        [GitHubAdapter.Name] = GitHubAdapter.Explain,
        [GitLabAdapter.Name] = GitLabAdapter.Explain,
        [HealthAdapter.Name] = HealthAdapter.Explain,
        [JenkinsAdapter.Name] = JenkinsAdapter.Explain,
        [KubernetesAdapter.Name] = KubernetesAdapter.Explain,
        [OciAdapter.Name] = OciAdapter.Explain,
    };

    private static readonly string[] WorstFirst = ["failed", "running", "passed"];

    // A cluster's objects judge each other, and a manifest's digest is that of its file as it is: these take files apart themselves.
    private static readonly string[] TakeWholeFiles = [KubernetesAdapter.Name, OciAdapter.Name];

    /// <summary>Explains a file: the documents in it one after the other, unless the adapter takes files apart itself.</summary>
    public static PayloadExplanation Explain(string adapter, ReadOnlyMemory<byte> file, string? eventName)
    {
        var explain = All[adapter];
        if (TakeWholeFiles.Contains(adapter)) return explain(file, eventName);
        var parts = Documents.Of(file).Select(document => explain(document, eventName)).ToList();
        if (parts is [var only]) return only;
        return new PayloadExplanation
        {
            Facts = [.. parts.SelectMany(static p => p.Facts)],
            Ignored = [.. parts.SelectMany(static p => p.Ignored)],
            Diagnostics = [.. parts.SelectMany(static p => p.Diagnostics)],
            Verdict = Array.Find(WorstFirst, verdict => parts.Exists(p => p.Verdict == verdict)) ?? "none",
            Summary = parts[^1].Summary,
        };
    }
}
