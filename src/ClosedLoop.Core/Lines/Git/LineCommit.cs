using System.Collections.Immutable;

namespace ClosedLoop.Lines.Git;

/// <summary>A commit as its own object states it. Immutable.</summary>
internal sealed record LineCommit
{
    public required string Sha { get; init; }

    /// <summary>First the one whose history is the line's.</summary>
    public required ImmutableArray<string> Parents { get; init; }

    public required DateTimeOffset CommittedAt { get; init; }

    /// <summary>The pull request that the subject names, or null.</summary>
    public required long? PullRequest { get; init; }

    public required CommitClaims Claims { get; init; }

    public string? FirstParent => Parents.IsEmpty ? null : Parents[0];

    public bool IsMerge => Parents.Length > 1;
}
