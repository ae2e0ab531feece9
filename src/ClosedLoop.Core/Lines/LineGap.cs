namespace ClosedLoop.Lines;

/// <summary>A place at which a line's history is missing: read first-parent history from this commit on backwards.</summary>
/// <param name="Repository">The repository, <c>owner/name</c>.</param>
/// <param name="Branch">The branch whose history is missing.</param>
/// <param name="From">The first commit that is not known; null: read the branch's head, and its history from there.</param>
public sealed record LineGap(string Repository, string Branch, string? From);
