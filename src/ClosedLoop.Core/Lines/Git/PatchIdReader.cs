namespace ClosedLoop.Lines.Git;

/// <summary>
/// Reads patch ids: equal for patches that make the same change wherever in a file, white space aside. A difference without a patch,
/// or with one that is too large, has none.
/// </summary>
internal sealed class PatchIdReader(GitRunner git)
{
    private const int Chunk = 50;
    private const long MaxPatchBytes = 64L * 1024 * 1024;

    /// <summary>Adds the ids that are not known yet.</summary>
    /// <param name="diffs">The differences.</param>
    /// <param name="reverse">The id of the patch that undoes each one.</param>
    /// <param name="known">Where they go.</param>
    /// <param name="cancellationToken">Stops git.</param>
    public async Task ReadAsync(IEnumerable<DiffKey> diffs, bool reverse, Dictionary<DiffKey, string?> known, CancellationToken cancellationToken)
    {
        foreach (var chunk in DiffRounds.Of(diffs.Where(d => !known.ContainsKey(d)), Chunk))
            await Halves.RunAsync<DiffKey>(chunk, part => ReadAsync(part, reverse, known, cancellationToken), single => known[single] = null).ConfigureAwait(false);
    }

    private async Task<bool> ReadAsync(ArraySegment<DiffKey> diffs, bool reverse, Dictionary<DiffKey, string?> known, CancellationToken cancellationToken)
    {
        // Whole ids of contents: patch-id tells binary files apart by them.
        // A reversed patch would have a/ and b/ the other way round, and patch-id reads them.
        string[] direction = reverse ? ["-R", "--src-prefix=b/", "--dst-prefix=a/"] : [];
        var patches = new GitCall(["diff-tree", "--stdin", "-r", "-p", "--root", "--full-index", .. PatchText.Options, .. direction])
        {
            Input = GitInput.Lines(diffs.Select(static d => d.InputLine)),
            MaxOutputBytes = MaxPatchBytes,
        };
        if (await git.PipeAsync(patches, new GitCall("patch-id", "--stable") { Input = [] }, cancellationToken).ConfigureAwait(false) is not { } answer) return false;
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in answer.Lines)
            if (line.Split(' ') is [{ } id, { } commit]) found[commit] = id;
        foreach (var diff in diffs) known[diff] = found.GetValueOrDefault(diff.Commit);
        return true;
    }
}
