namespace ClosedLoop.Lines.Git;

/// <summary>
/// What the commits of lines declare, with whole ids: by their own messages, and a merge also by the messages of what it brought in.
/// </summary>
internal sealed class Declarations(GitRepository repository, CloneMemory memory, IReadOnlySet<string> landed)
{
    /// <summary>Finds the whole ids of short ones.</summary>
    public async Task ResolveAsync(IEnumerable<LineCommit> commits, CancellationToken cancellationToken)
    {
        var open = commits.SelectMany(c => Claims(c, everywhere: true)).SelectMany(static c => c.Reverts.Concat(c.Picks))
            .Where(id => id.Length < repository.IdLength && !memory.Ids.ContainsKey(id)).ToHashSet(StringComparer.Ordinal);
        if (open.Count == 0) return;
        var found = await repository.CompleteAsync(open, cancellationToken).ConfigureAwait(false);
        foreach (string id in open) memory.Ids[id] = found.GetValueOrDefault(id);
    }

    /// <summary>The commits that it declares to revert.</summary>
    public IReadOnlySet<string> Reverts(LineCommit commit) => Whole(commit, Claims(commit, everywhere: false).SelectMany(static c => c.Reverts));

    /// <summary>Also those that a commit of another line declared, which it merged: that commit has a fact of its own.</summary>
    public IReadOnlySet<string> RevertsAnywhere(LineCommit commit) => Whole(commit, Claims(commit, everywhere: true).SelectMany(static c => c.Reverts));

    /// <summary>The commits that it declares to be a cherry-pick of.</summary>
    public IReadOnlySet<string> Picks(LineCommit commit) => Whole(commit, Claims(commit, everywhere: false).SelectMany(static c => c.Picks));

    private IEnumerable<CommitClaims> Claims(LineCommit commit, bool everywhere)
    {
        if (!commit.Claims.IsEmpty) yield return commit.Claims;
        if (!commit.IsMerge || !memory.Sides.TryGetValue(commit.Sha, out var side)) yield break;
        foreach (var (sha, claims) in side.Claims)
            if (everywhere || !landed.Contains(sha))
                yield return claims;
    }

    private SortedSet<string> Whole(LineCommit commit, IEnumerable<string> ids)
    {
        var whole = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string id in ids)
            if ((repository.IsId(id) ? id : memory.Ids.GetValueOrDefault(id)) is { } known && known != commit.Sha)
                whole.Add(known);
        return whole;
    }
}
