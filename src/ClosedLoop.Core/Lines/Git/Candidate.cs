using System.Collections.Immutable;

namespace ClosedLoop.Lines.Git;

/// <summary>A proposed change that is on no line yet: a branch, as it is from where it forked.</summary>
/// <param name="Whole">From the fork to its head: what a squash of it would bring.</param>
/// <param name="Singles">Its commits one by one, newest first, without merges: what a rebase of it would bring.</param>
internal sealed record Candidate(DiffKey Whole, ImmutableArray<DiffKey> Singles)
{
    /// <summary>The pull requests that the refs' names tell.</summary>
    public ImmutableSortedSet<long> PullRequests { get; init; } = [];
}
