using System.Collections.Immutable;

namespace ClosedLoop.Lines.Git;

/// <summary>Reads the commits that the merges of a line brought in, since those carry the trailers: a merge's own message has none.</summary>
internal sealed class MergeSideReader(GitRepository repository)
{
    /// <summary>Of a history with more commits than this only the newest are read.</summary>
    private const int MaxCommits = 20_000;

    /// <summary>Adds the sides of the merges in a line's window that are not known yet.</summary>
    public async Task ReadAsync(ImmutableArray<LineCommit> window, Dictionary<string, MergeSide> known, CancellationToken cancellationToken)
    {
        int last = window.Length - 1;
        while (last >= 0 && (!window[last].IsMerge || known.ContainsKey(window[last].Sha))) last--;
        if (last < 0) return;
        string[] revisions = window[last].FirstParent is { } below ? [window[0].Sha, "^" + below] : [window[0].Sha];
        var commits = await new CommitReader(repository).ReadAsync(MaxCommits, firstParent: false, revisions, cancellationToken).ConfigureAwait(false);
        var bySha = commits.ToDictionary(static c => c.Sha, StringComparer.Ordinal);
        var owned = window.Select(static c => c.Sha).ToHashSet(StringComparer.Ordinal);
        // Oldest landing first: what it reaches and nobody owns yet, it brought in.
        for (int i = last; i >= 0; i--)
        {
            var commit = window[i];
            if (!commit.IsMerge) continue;
            var brought = Walk(commit.Parents.Skip(1), bySha, owned);
            known.TryAdd(commit.Sha, MergeSide.Of(commit, brought));
        }
    }

    private static List<LineCommit> Walk(IEnumerable<string> from, Dictionary<string, LineCommit> commits, HashSet<string> owned)
    {
        var brought = new List<LineCommit>();
        var open = new Stack<string>(from);
        while (open.TryPop(out string? sha))
        {
            if (!commits.TryGetValue(sha, out var commit) || !owned.Add(sha)) continue;
            brought.Add(commit);
            foreach (string parent in commit.Parents) open.Push(parent);
        }
        return brought;
    }
}
