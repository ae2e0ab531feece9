namespace ClosedLoop.Lines.Git;

/// <summary>
/// Finds landings that took nothing of their own branch: the merge or squash is on the line, and what was to land is not. Usual with
/// conflicts that were solved for one side only.
/// </summary>
internal sealed class EmptyHandedFinder(GitRunner git, CloneMemory memory)
{
    /// <summary>The differences that have to be known first.</summary>
    public IEnumerable<DiffKey> Needs(LineCommit landing) => Tip(landing) is { } tip ? [DiffKey.Of(tip)] : [];

    /// <summary>Judges one landing, if that was not done before.</summary>
    /// <param name="landing">The landing.</param>
    /// <param name="branch">The candidate with its pull request's number, if there is one.</param>
    /// <param name="cancellationToken">Stops git.</param>
    public async Task FindAsync(LineCommit landing, Candidate? branch, CancellationToken cancellationToken)
    {
        if (memory.EmptyHanded.ContainsKey(landing.Sha)) return;
        if (Tip(landing) is { } tip)
            memory.EmptyHanded[landing.Sha] = LooksSo(landing, DiffKey.Of(tip)) && await IsAbsentAsync(landing, await WholeAsync(landing, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        else if (branch is not null)
            memory.EmptyHanded[landing.Sha] = LooksSo(landing, branch.Whole) && await IsAbsentAsync(landing, branch.Whole, cancellationToken).ConfigureAwait(false);
    }

    // A merge of several branches at once is not made by people who solve conflicts.
    private LineCommit? Tip(LineCommit landing) => landing.Parents.Length == 2 && memory.Sides.TryGetValue(landing.Sha, out var side) ? side.Tip : null;

    // Cheap: it changed none of the paths that the branch's newest commit changed. Most landings end here.
    private bool LooksSo(LineCommit landing, DiffKey brought)
    {
        var there = memory.Changes.GetValueOrDefault(brought, TreeChanges.Unknown);
        var here = memory.ChangesOf(landing);
        if (!there.IsComparable || !here.IsComplete) return false;
        var paths = here.Items.Select(static c => c.Path).ToHashSet(StringComparer.Ordinal);
        return !there.Items.Any(c => paths.Contains(c.Path));
    }

    private async Task<DiffKey?> WholeAsync(LineCommit landing, CancellationToken cancellationToken)
    {
        var bases = await git.TryAsync(new GitCall("merge-base", landing.Parents[0], landing.Parents[1]), cancellationToken).ConfigureAwait(false);
        return bases?.Lines is [{ } fork, ..] ? new DiffKey(landing.Parents[1], fork) : null;
    }

    private async Task<bool> IsAbsentAsync(LineCommit landing, DiffKey? brought, CancellationToken cancellationToken)
    {
        if (brought is not { } diff) return false;
        using var content = new ContentCheck(git);
        if (await content.PatchAsync(diff, null, cancellationToken).ConfigureAwait(false) is not { } patch) return false;
        return await content.IndexAsync(landing.Sha, cancellationToken).ConfigureAwait(false) is { } index
            && await content.IsAbsentAsync(patch, index, cancellationToken).ConfigureAwait(false)
            && !await content.IsPresentAsync(patch, index, cancellationToken).ConfigureAwait(false);
    }
}
