namespace ClosedLoop.Lines.Git;

/// <summary>A ref and the commit it points to.</summary>
/// <param name="Name">The whole name, such as <c>refs/heads/main</c>.</param>
/// <param name="Sha">The commit.</param>
internal readonly record struct RefHead(string Name, string Sha);
