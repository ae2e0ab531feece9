namespace ClosedLoop.Lines.Git;

/// <summary>Which commits of a line took back which, as far as the line has been followed. Pure.</summary>
internal sealed class Undoers
{
    private readonly Dictionary<string, List<string>> _by = new(StringComparer.Ordinal);

    /// <summary>Notes what the next commit of the line took back.</summary>
    public void Add(string commit, IEnumerable<string> undone)
    {
        foreach (string sha in undone)
        {
            if (!_by.TryGetValue(sha, out var by)) _by[sha] = by = [];
            by.Add(commit);
        }
    }

    /// <summary>Whether there is something left of a commit to take back.</summary>
    /// <param name="sha">The commit.</param>
    /// <param name="targets">
    /// What is taken back already: with a revert of a revert goes what that one had brought back, and need not be named too.
    /// </param>
    public bool Leave(string sha, IReadOnlySet<string> targets) =>
        !_by.TryGetValue(sha, out var by) || by.TrueForAll(r => _by.TryGetValue(r, out var restorers) && !restorers.Exists(targets.Contains));
}
