namespace ClosedLoop.Testing.Sandbox;

/// <summary>A work item whose change does not name it: only its branch leads to it, as an agent that opened the item has announced.</summary>
/// <param name="Id">The item's id.</param>
/// <param name="Title">Its title.</param>
/// <param name="Repository">The repository that its branch is in, <c>owner/name</c>.</param>
/// <param name="Branch">The branch that its change will come from.</param>
public sealed record SandboxItem(string Id, string Title, string Repository, string Branch);
