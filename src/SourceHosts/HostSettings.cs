using System.Collections.Frozen;
using System.Text.RegularExpressions;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.SourceHosts;

/// <summary>The checked, immutable options that the adapters of all source hosts share; it holds no secret.</summary>
internal sealed class HostSettings
{
    /// <summary>What the system is called in messages and in the paths of options: <c>GitLab</c>.</summary>
    public required string System { get; init; }

    /// <summary>The adapter's name, which is also its writers' name.</summary>
    public required string Name { get; init; }

    /// <summary>The option that lists the repositories.</summary>
    public required string RepositoriesOption { get; init; }

    /// <summary>The watched repositories, in lower case and order.</summary>
    public required IReadOnlyList<string> Repositories { get; init; }

    public required bool AllowAnyRepository { get; init; }

    /// <summary>The named target branches, in order.</summary>
    public required IReadOnlyList<string> TargetBranches { get; init; }

    public required string ItemTrailerName { get; init; }

    public required Regex? BranchPattern { get; init; }

    public required Regex? LabelPattern { get; init; }

    /// <summary>Where people look, ending with '/'.</summary>
    public required Uri WebAddress { get; init; }

    /// <summary>What stands between a repository and a commit in an address: <c>/-/commit/</c>.</summary>
    public required string CommitPath { get; init; }

    public required int MaxSweepPages { get; init; }

    /// <summary>The requests of a rate window that are left to others.</summary>
    public required int MinRemainingRequests { get; init; }

    /// <summary>Finds the changes that a text says to revert, in the host's own words.</summary>
    public Func<string?, string, IReadOnlyCollection<Key>> RevertedChanges { get; init; } = static (_, _) => [];

    /// <summary>Whether a commit's message is one that the host writes when it merges a change.</summary>
    public Func<string, bool> IsMergeMessage { get; init; } = static _ => false;

    /// <summary>Whether every branch is taken for a line, for explanations without configuration.</summary>
    public bool EveryBranchIsLine { get; init; }

    public Writer SourceControl => new(WriterRoles.SourceControl, Name);

    public Writer Ci => new(WriterRoles.Ci, Name);

    public Writer Deployer => new(WriterRoles.Deployer, Name);

    private FrozenSet<string> Watched => field ??= Repositories.ToFrozenSet(StringComparer.Ordinal);

    public bool Watches(string repository) => AllowAnyRepository || Watched.Contains(repository.ToLowerInvariant());

    /// <summary>Whether a merge into a branch counts.</summary>
    public bool IsTarget(string branch) => TargetBranches.Count == 0 || TargetBranches.Contains(branch, StringComparer.Ordinal);

    /// <summary>Whether a branch is a line: the default branch or a target branch.</summary>
    public bool IsLine(string branch, string? defaultBranch) => EveryBranchIsLine || branch == defaultBranch || TargetBranches.Contains(branch, StringComparer.Ordinal);

    /// <summary>Whether a push can land without a change: on a target branch, or on the default branch when none is named.</summary>
    public bool TakesDirectLandings(string branch, string? defaultBranch) => TargetBranches.Count == 0 ? EveryBranchIsLine || branch == defaultBranch : IsTarget(branch);

    public string CommitAddress(string repository, string sha) => new Uri(WebAddress, $"{repository.ToLowerInvariant()}{CommitPath}{sha}").AbsoluteUri;

    /// <summary>The work item that a change names: by trailer, else by branch, else by label.</summary>
    public string? FindItem(string? body, string headBranch, IEnumerable<string> labels)
    {
        if (ItemTrailer.Find(ItemTrailerName, body) is { } named) return named;
        if (ItemPattern.Find(BranchPattern, headBranch) is { } branch) return branch;
        if (LabelPattern is null) return null;
        // Sorted, because a webhook and the API list labels in different orders.
        foreach (string label in labels.Order(StringComparer.Ordinal))
            if (ItemPattern.Find(LabelPattern, label) is { } item)
                return item;
        return null;
    }

    public string? FindItem(string? commitMessage) => ItemTrailer.Find(ItemTrailerName, commitMessage);
}
