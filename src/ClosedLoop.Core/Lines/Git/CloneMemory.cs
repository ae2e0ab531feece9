using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Lines.Git;

/// <summary>
/// What was worked out from commits, which never changes: kept as long as the commits are looked at, so that a look costs what is new.
/// Used by one look at a time.
/// </summary>
internal sealed class CloneMemory
{
    public Dictionary<DiffKey, TreeChanges> Changes { get; } = [];

    public Dictionary<DiffKey, string?> PatchIds { get; } = [];

    public Dictionary<DiffKey, string?> ReversePatchIds { get; } = [];

    /// <summary>What merges brought in.</summary>
    public Dictionary<string, MergeSide> Sides { get; } = new(StringComparer.Ordinal);

    /// <summary>What commits took back without declaring it.</summary>
    public Dictionary<string, Undone> Undone { get; } = new(StringComparer.Ordinal);

    /// <summary>Commits that took nothing of the branch that they landed.</summary>
    public Dictionary<string, bool> EmptyHanded { get; } = new(StringComparer.Ordinal);

    /// <summary>Whose patch commits have. It only grows: a branch that was seen once and is deleted now is still the origin.</summary>
    public Dictionary<string, ImmutableSortedSet<Key>> SamePatch { get; } = new(StringComparer.Ordinal);

    /// <summary>Whole ids by the short ones in messages; null: the clone has no such commit.</summary>
    public Dictionary<string, string?> Ids { get; } = new(StringComparer.Ordinal);

    public TreeChanges ChangesOf(LineCommit commit) => Changes.GetValueOrDefault(DiffKey.Of(commit), TreeChanges.Unknown);

    /// <summary>Whether a patch and its opposite have one id: a change of white space only. It tells nothing apart then.</summary>
    public bool IsItsOwnOpposite(DiffKey diff) => PatchIds.GetValueOrDefault(diff) is { } id && ReversePatchIds.GetValueOrDefault(diff) == id;

    /// <summary>Forgets what is about other commits and differences than these.</summary>
    public void Keep(IReadOnlySet<string> commits, IReadOnlySet<DiffKey> diffs)
    {
        Trim(Changes, diffs);
        Trim(PatchIds, diffs);
        Trim(ReversePatchIds, diffs);
        Trim(Sides, commits);
        Trim(Undone, commits);
        Trim(EmptyHanded, commits);
        Trim(SamePatch, commits);
        if (Ids.Count > 10_000) Ids.Clear();
    }

    private static void Trim<TKey, TValue>(Dictionary<TKey, TValue> map, IReadOnlySet<TKey> keep)
        where TKey : notnull
    {
        foreach (var key in map.Keys.Where(k => !keep.Contains(k)).ToList()) map.Remove(key);
    }
}
