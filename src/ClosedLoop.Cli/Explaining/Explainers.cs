using ClosedLoop.Adapters;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.Jenkins;

namespace ClosedLoop.Cli.Explaining;

/// <summary>Makes of a payload what one adapter makes of it.</summary>
internal delegate PayloadExplanation Explainer(ReadOnlyMemory<byte> input, string? eventName);

/// <summary>The adapters that can explain what they read, by the name that they are registered with.</summary>
internal static class Explainers
{
    public static IReadOnlyDictionary<string, Explainer> All { get; } = new SortedDictionary<string, Explainer>(StringComparer.Ordinal)
    {
        [GitHubAdapter.Name] = GitHubAdapter.Explain,
        [JenkinsAdapter.Name] = JenkinsAdapter.Explain,
    };
}
