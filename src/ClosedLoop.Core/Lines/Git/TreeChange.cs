namespace ClosedLoop.Lines.Git;

/// <summary>What became of one path; a renamed file is one path less and one more.</summary>
/// <param name="Path">The path, with forward slashes.</param>
/// <param name="Before">Mode and content id before, such as <c>100644 e69de29…</c>; null: it was not there.</param>
/// <param name="After">Mode and content id after; null: it is not there any more.</param>
internal readonly record struct TreeChange(string Path, string? Before, string? After);
