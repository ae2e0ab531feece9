using ClosedLoop.Adapters.Tests.Stories;
using ClosedLoop.Testing.Adapters;

namespace ClosedLoop.Adapters.Tests;

/// <summary>One story for each adapter that ships, by its name.</summary>
internal static class AdapterStories
{
    public static IReadOnlyDictionary<string, Func<AdapterExample>> All { get; } = new SortedDictionary<string, Func<AdapterExample>>(StringComparer.Ordinal)
    {
        ["jenkins"] = JenkinsStory.Create,
    };
}
