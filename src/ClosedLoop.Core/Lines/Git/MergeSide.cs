using System.Collections.Immutable;

namespace ClosedLoop.Lines.Git;

/// <summary>What came in by a merge. Immutable.</summary>
/// <param name="Tip">The newest commit of the merged side; null when it was not read.</param>
/// <param name="Commits">Its commits, the tip first.</param>
/// <param name="Claims">What its commits declare, and which of them.</param>
internal sealed record MergeSide(LineCommit? Tip, ImmutableArray<string> Commits, ImmutableArray<(string Sha, CommitClaims Claims)> Claims)
{
    public static MergeSide Unknown { get; } = new(null, [], []);

    /// <summary>Sums up the commits that a merge brought in.</summary>
    public static MergeSide Of(LineCommit merge, IReadOnlyCollection<LineCommit> commits)
    {
        var inside = commits.Select(static c => c.Sha).ToHashSet(StringComparer.Ordinal);
        // Whoever takes back a commit of one's own branch says nothing of the line, and neither does what was taken back.
        var undone = commits.SelectMany(c => c.Claims.Reverts).SelectMany(id => inside.Where(sha => sha.StartsWith(id, StringComparison.Ordinal))).ToHashSet(StringComparer.Ordinal);
        var claims = from commit in commits
                     where !commit.Claims.IsEmpty && !undone.Contains(commit.Sha)
                     let reverts = commit.Claims.Reverts.RemoveAll(id => inside.Any(sha => sha.StartsWith(id, StringComparison.Ordinal)))
                     where !reverts.IsEmpty || !commit.Claims.Picks.IsEmpty
                     select (commit.Sha, commit.Claims with { Reverts = reverts });
        return new MergeSide(commits.FirstOrDefault(c => c.Sha == merge.Parents[1]), [.. commits.Select(static c => c.Sha)], [.. claims]);
    }
}
