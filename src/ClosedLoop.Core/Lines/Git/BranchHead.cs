namespace ClosedLoop.Lines.Git;

/// <summary>A line and where it stands.</summary>
/// <param name="Branch">The branch's name, as the source host calls it.</param>
/// <param name="RefName">The ref that was read.</param>
/// <param name="Sha">Its newest commit.</param>
internal readonly record struct BranchHead(string Branch, string RefName, string Sha);
