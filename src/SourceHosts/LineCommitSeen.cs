using System.Collections.Immutable;

namespace ClosedLoop.Adapters.SourceHosts;

/// <summary>A commit with its message, as either path read it.</summary>
/// <param name="Sha">In lower case.</param>
/// <param name="Parents">In order; empty when they are not known.</param>
/// <param name="Message">The whole message, or null.</param>
/// <param name="At">When it was committed, by the committer's machine.</param>
internal sealed record LineCommitSeen(string Sha, ImmutableArray<string> Parents, string? Message, DateTimeOffset At)
{
    /// <summary>The commits along first parents from one on, as far as they are in a list that may hold others too.</summary>
    public static IReadOnlyList<LineCommitSeen> FirstParents(IEnumerable<LineCommitSeen> commits, string from)
    {
        var known = new Dictionary<string, LineCommitSeen>(StringComparer.Ordinal);
        foreach (var commit in commits) known.TryAdd(commit.Sha, commit);
        var line = new List<LineCommitSeen>();
        for (string? next = from; next is not null && known.Remove(next, out var commit); next = commit.Parents.Length > 0 ? commit.Parents[0] : null) line.Add(commit);
        return line;
    }
}
