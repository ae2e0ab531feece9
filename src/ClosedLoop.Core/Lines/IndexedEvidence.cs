using System.Collections.Immutable;

namespace ClosedLoop.Lines;

/// <summary>Under which commits a register is in the index, so that it can be taken out again when it says something else.</summary>
internal sealed record IndexedEvidence(string Series, string Ordinal, ImmutableArray<CommitId> Commits, ImmutableArray<string> Others)
{
    public IReadOnlyCollection<string> Repositories
    {
        get
        {
            // One, as a rule: what follows is asked for each fact.
            var all = new List<string>(1);
            foreach (var commit in Commits)
                if (!all.Contains(commit.Repository)) all.Add(commit.Repository);
            foreach (string other in Others)
                if (!all.Contains(other)) all.Add(other);
            return all;
        }
    }

    public string Write() => $"{Series}\t{Ordinal}\t{string.Join(',', Others)}\t{string.Join('\t', Commits.Select(static c => $"{c.Repository}@{c.Sha}"))}";

    public static IndexedEvidence Read(string value)
    {
        string[] parts = value.Split('\t');
        return new IndexedEvidence(
            string.Join('\t', parts[..4]),
            parts[4],
            [.. parts[6..].Where(static p => p.Length > 0).Select(static p => new CommitId(p[..p.LastIndexOf('@')], p[(p.LastIndexOf('@') + 1)..]))],
            [.. parts[5].Split(',', StringSplitOptions.RemoveEmptyEntries)]);
    }
}
