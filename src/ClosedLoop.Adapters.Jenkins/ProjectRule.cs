using System.Globalization;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>
/// One configured multibranch project. It makes a job for each branch and pull request, and deletes it when that is gone, so that its jobs are not
/// listed but recognised by their names.
/// </summary>
internal sealed record ProjectRule(int Index, string Name, string Repository, string Branch, bool IsPartial, string? PullRequestGate)
{
    public string Address { get; } = JobName.Address(Name);

    /// <summary>The rule of one of its jobs, or null with the reason why its builds do not count.</summary>
    public JobRule? Job(string leaf, out string problem)
    {
        string name = $"{Name}/{leaf}";
        problem = $"the job {SourceText.Quote(name)} is not one that a multibranch project makes";
        if (leaf.Contains('/', StringComparison.Ordinal) || JobName.Problem(name) is not null) return null;
        string branch = Uri.UnescapeDataString(leaf);
        if (branch.Length == 0 || branch.Any(static c => char.IsControl(c) || char.IsSurrogate(c))) return null;
        if (PullRequest(leaf) is { } number)
        {
            problem = $"the job {SourceText.Quote(name)} builds a pull request, which says nothing of what landed; set Jenkins:Jobs:{Index}:PullRequestGate to take it as a check before the merge";
            return PullRequestGate is null ? null : new JobRule(Index, name, Repository, null, IsPartial: false) { Gate = PullRequestGate, PullRequest = number, IsOfProject = true };
        }
        problem = $"the job {SourceText.Quote(name)} is of another branch than Jenkins:Jobs:{Index}:Branch says";
        return Covers(branch) ? new JobRule(Index, name, Repository, branch, IsPartial) { IsOfProject = true } : null;
    }

    private bool Covers(string branch) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(Branch, branch, ignoreCase: false);

    // GitHub, Gitea and Bitbucket sources make PR-n, GitLab's makes MR-n; with both strategies on there is a job for each.
    private static long? PullRequest(string leaf)
    {
        if (!leaf.StartsWith("PR-", StringComparison.Ordinal) && !leaf.StartsWith("MR-", StringComparison.Ordinal)) return null;
        int end = leaf.IndexOf('-', 3);
        if (end >= 0 && leaf[end..] is not ("-head" or "-merge")) return null;
        return long.TryParse(leaf.AsSpan(3, (end < 0 ? leaf.Length : end) - 3), NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0 ? number : null;
    }
}
