using System.Collections.Immutable;

namespace ClosedLoop.Lines;

/// <summary>
/// A commit and its parents, as a source that knows them states it (a compare or history API, a local clone). What a commit's parents
/// are never changes, so nodes need no ordinal: the same node may be sent any number of times, in any order.
/// </summary>
/// <param name="Repository">The repository, <c>owner/name</c>; case does not matter.</param>
/// <param name="Sha">The commit id, hexadecimal.</param>
/// <param name="Parents">
/// The parents' ids; the first one is the line's history, the others came in by a merge. Empty: a root commit.
/// </param>
/// <remarks>Send the first-parent history of lines; commits of pull request branches are not needed and only take room.</remarks>
public sealed record CommitNode(string Repository, string Sha, ImmutableArray<string> Parents)
{
    /// <summary>When it was committed, by the committer's clock; null when not known. Shown only; never an order.</summary>
    public DateTimeOffset? CommittedAt { get; init; }
}
