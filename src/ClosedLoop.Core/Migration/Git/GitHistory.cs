namespace ClosedLoop.Migration;

/// <summary>What one clone's default branch tells of its landings. Immutable and safe to share between threads.</summary>
public sealed class GitHistory
{
    internal GitHistory()
    {
    }

    /// <summary>
    /// The repository's name, lower case: the path of the remote <c>origin</c> (<c>owner/name</c>), without host and credentials;
    /// without a usable remote, <c>local/</c> and the folder's name.
    /// </summary>
    public required string Repository { get; init; }

    /// <summary>The branch that was read, without its remote's name; null for a detached HEAD.</summary>
    public required string? Branch { get; init; }

    /// <summary>The id of the newest commit; null for an empty repository.</summary>
    public required string? Head { get; init; }

    /// <summary>True for a shallow clone: the history begins at its boundary, and the lead times of merges near it are too short.</summary>
    public required bool IsShallow { get; init; }

    /// <summary>The number of commits read, those that landings brought in included.</summary>
    public required int CommitCount { get; init; }

    /// <summary>The number of commits in the first-parent history, those before <see cref="GitHistoryOptions.Since"/> included.</summary>
    public required int FirstParentCount { get; init; }

    /// <summary>The landings, oldest first in first-parent order; commit times in it need not rise, since committers' clocks differ.</summary>
    public required IReadOnlyList<GitLanding> Landings { get; init; }
}
