using System.Collections.Immutable;
using ClosedLoop.Adapters;
using ClosedLoop.Facts;

namespace ClosedLoop.Lines.Git;

/// <summary>Collects what one look brings.</summary>
internal sealed class CloneAnswer(string repository, IReadOnlySet<string> cut)
{
    private readonly List<Fact> _facts = [];
    private readonly Dictionary<string, CommitNode> _nodes = new(StringComparer.Ordinal);

    public List<string> Diagnostics { get; } = [];

    public void Add(Fact? fact)
    {
        if (fact is null) Diagnostics.Add($"a branch of {repository} has a name that cannot be a key (too long, or not plain text); it is left out");
        else _facts.Add(fact);
    }

    public void Add(IEnumerable<LineCommit> commits)
    {
        // Where a shallow clone was cut the parents are not known; a node without any would say that history begins there.
        foreach (var commit in commits.Where(c => !cut.Contains(c.Sha)))
            _nodes.TryAdd(commit.Sha, new CommitNode(repository, commit.Sha, commit.Parents) { CommittedAt = commit.CommittedAt });
    }

    public ProbeResult ToResult() => new() { Facts = [.. _facts], History = [.. _nodes.Values], Diagnostics = [.. Diagnostics] };
}
