using System.Runtime.InteropServices;

namespace ClosedLoop.Lines.Git;

/// <summary>
/// Follows each path along a line, and finds the commits that put a path back to exactly what it was before others touched it: what those
/// did to it is gone. Content ids tell this without comparing any text. Pure.
/// </summary>
internal sealed class VersionHistory
{
    private readonly Dictionary<string, Dictionary<string, HashSet<string>>> _gone = new(StringComparer.Ordinal);

    private VersionHistory()
    {
    }

    /// <summary>Follows a line.</summary>
    /// <param name="oldestFirst">The line's commits and what they changed.</param>
    public static VersionHistory Of(IEnumerable<(LineCommit Commit, TreeChanges Changes)> oldestFirst)
    {
        var history = new VersionHistory();
        // Per path what was done to it and not undone since: the version before, and by whom.
        var layers = new Dictionary<string, List<(string? Before, string Sha)>>(StringComparer.Ordinal);
        foreach (var (commit, changes) in oldestFirst)
        {
            foreach (var change in changes.Items)
            {
                ref var stack = ref CollectionsMarshal.GetValueRefOrAddDefault(layers, change.Path, out _);
                stack ??= [];
                int since = stack.FindLastIndex(l => l.Before == change.After);
                if (since < 0)
                {
                    stack.Add((change.Before, commit.Sha));
                    continue;
                }
                foreach (var (_, sha) in stack.Skip(since)) history.Add(commit.Sha, sha, change.Path);
                stack.RemoveRange(since, stack.Count - since);
            }
        }
        return history;
    }

    /// <summary>The paths on which nothing is left, from a commit on, of what an earlier one did.</summary>
    public IReadOnlySet<string> GoneAt(string commit, string earlier) =>
        _gone.TryGetValue(commit, out var byEarlier) && byEarlier.TryGetValue(earlier, out var paths) ? paths : EmptySet;

    private static readonly HashSet<string> EmptySet = [];

    private void Add(string commit, string earlier, string path)
    {
        ref var byEarlier = ref CollectionsMarshal.GetValueRefOrAddDefault(_gone, commit, out _);
        ref var paths = ref CollectionsMarshal.GetValueRefOrAddDefault(byEarlier ??= new(StringComparer.Ordinal), earlier, out _);
        (paths ??= new(StringComparer.Ordinal)).Add(path);
    }
}
