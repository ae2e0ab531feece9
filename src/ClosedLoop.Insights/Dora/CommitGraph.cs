using ClosedLoop.Insights.Records;

namespace ClosedLoop.Insights.Dora;

/// <summary>Commits and their parents. Immutable after it is made; safe from several threads.</summary>
public sealed class CommitGraph
{
    private readonly Dictionary<string, CommitRecord> _commits;

    /// <summary>Makes a graph; of two commits with one id the last counts.</summary>
    public CommitGraph(IEnumerable<CommitRecord> commits)
    {
        ArgumentNullException.ThrowIfNull(commits);
        _commits = new Dictionary<string, CommitRecord>(StringComparer.Ordinal);
        foreach (var commit in commits) _commits[commit.Sha] = commit;
    }

    /// <summary>
    /// What a commit brings over another: <c>reach(sha) \ reach(before)</c>; everything reachable when there is no other. Commits that the graph does not know end the walk.
    /// </summary>
    public IReadOnlyList<CommitRecord> Between(string sha, string? before)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        if (before is not null) Walk(before, known, null);
        var found = new List<CommitRecord>();
        Walk(sha, known, found);
        return found;
    }

    private void Walk(string from, HashSet<string> seen, List<CommitRecord>? found)
    {
        var next = new Stack<string>([from]);
        while (next.TryPop(out string? sha))
        {
            if (!seen.Add(sha) || !_commits.TryGetValue(sha, out var commit)) continue;
            found?.Add(commit);
            foreach (string parent in commit.Parents) next.Push(parent);
        }
    }
}
