using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop;

/// <summary>A work item to be tracked.</summary>
/// <param name="Id">Its stable id in the tracker it comes from, such as <c>BL-42</c>; 1 to 500 printable characters.</param>
public sealed record WorkItem(string Id)
{
    /// <summary>A title for people.</summary>
    public string? Title { get; init; }

    /// <summary>The agent that works on it, with what.</summary>
    public AgentInfo? Agent { get; init; }

    /// <summary>Its pipeline. The default is the first one that was configured.</summary>
    public string? Pipeline { get; init; }

    /// <summary>Its priority on the team's own scale.</summary>
    public string? Priority { get; init; }

    /// <summary>What is known to belong to it already: a branch, a pull request.</summary>
    public ImmutableArray<Key> Keys { get; init; } = [];
}
