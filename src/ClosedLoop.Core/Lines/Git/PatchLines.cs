using System.Collections.Immutable;

namespace ClosedLoop.Lines.Git;

/// <summary>
/// The lines that a patch adds and removes, file by file, as hashes of their text without white space around it. Lines that say next to
/// nothing, such as a brace, are left out. Pure.
/// </summary>
/// <param name="Files">In the order of <see cref="TreeChanges.Items"/>.</param>
internal sealed record PatchLines(ImmutableArray<(HashSet<ulong> Added, HashSet<ulong> Removed)> Files)
{
    private const int MinLineLength = 4;
    private const ulong FnvBasis = 14695981039346656037, FnvPrime = 1099511628211;

    /// <summary>
    /// Whether a later patch can have taken this one back: it removes what this one added, in the same files, or adds what this one removed
    /// when it only removed. If not, git need not be asked.
    /// </summary>
    /// <param name="files">The files to look at, each with its place in the later patch.</param>
    /// <param name="later">The later patch.</param>
    public bool MayBeTakenBackBy(IEnumerable<(int Here, int Later)> files, PatchLines later)
    {
        foreach (var (here, there) in files)
        {
            var (added, removed) = Files[here];
            if (added.Count > 0 ? !added.IsSubsetOf(later.Files[there].Removed) : !removed.IsSubsetOf(later.Files[there].Added)) return false;
        }
        return true;
    }

    /// <summary>
    /// Whether half or more of the lines that this patch added are among those that a later one adds, wherever in the tree: they were moved
    /// and not lost.
    /// </summary>
    public bool AreMovedBy(PatchLines later)
    {
        var added = Files.SelectMany(static f => f.Added).ToHashSet();
        if (added.Count == 0) return false;
        int all = added.Count;
        added.IntersectWith(later.Files.SelectMany(static f => f.Added));
        return added.Count * 2 >= all;
    }

    /// <summary>The hash of a line; null for one that says next to nothing.</summary>
    public static ulong? Hash(ReadOnlySpan<byte> line)
    {
        line = line.Trim(" \t\r"u8);
        if (line.Length < MinLineLength) return null;
        ulong hash = FnvBasis;
        foreach (byte b in line) hash = (hash ^ b) * FnvPrime;
        return hash;
    }
}
