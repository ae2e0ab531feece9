using System.Collections.Immutable;

namespace ClosedLoop.Lines.Git;

/// <summary>
/// For each commit of a line the earlier ones that it may have undone: those that touched no path that it did not touch. Pure.
/// </summary>
internal static class Suspects
{
    /// <summary>The most earlier commits that one commit is compared with, nearest first.</summary>
    public const int MaxPerCommit = 40;

    /// <param name="window">The line, newest first.</param>
    /// <param name="changes">What its commits changed.</param>
    /// <param name="of">The commits to find suspects for.</param>
    /// <returns>Their suspects, nearest first.</returns>
    public static Dictionary<string, List<LineCommit>> Find(ImmutableArray<LineCommit> window, IReadOnlyDictionary<DiffKey, TreeChanges> changes, Func<LineCommit, bool> of)
    {
        var found = new Dictionary<string, List<LineCommit>>(StringComparer.Ordinal);
        var byPath = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (int i = window.Length - 1; i >= 0; i--)
        {
            if (!changes.TryGetValue(DiffKey.Of(window[i]), out var here) || !here.IsComparable) continue;
            if (of(window[i])) found[window[i].Sha] = Before(here, byPath, window, changes);
            foreach (var change in here.Items)
            {
                if (!byPath.TryGetValue(change.Path, out var positions)) byPath[change.Path] = positions = [];
                positions.Add(i);
            }
        }
        return found;
    }

    private static List<LineCommit> Before(TreeChanges here, Dictionary<string, List<int>> byPath, ImmutableArray<LineCommit> window, IReadOnlyDictionary<DiffKey, TreeChanges> changes)
    {
        var shared = new Dictionary<int, int>();
        foreach (var change in here.Items)
            foreach (int position in byPath.GetValueOrDefault(change.Path) ?? [])
                shared[position] = shared.GetValueOrDefault(position) + 1;
        return [.. shared.Where(s => changes[DiffKey.Of(window[s.Key])].Items.Length == s.Value).Select(static s => s.Key).Order().Take(MaxPerCommit).Select(i => window[i])];
    }
}
