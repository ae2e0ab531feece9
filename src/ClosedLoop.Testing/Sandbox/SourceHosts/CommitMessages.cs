using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.SourceHosts;

/// <summary>The messages of commits that people and git make, whatever the host.</summary>
internal static class CommitMessages
{
    /// <summary>Of the one commit on a change's own branch.</summary>
    public static string OfBranch(WorldChange change) => change.Undoes is { } undoes ? $"{change.Pull.Title}\n\n{undoes}" : change.Pull.Title;

    /// <summary>What git writes when it undoes a commit.</summary>
    public static string Reverts(WorldCommit undone) => undone.Merged is null
        ? $"This reverts commit {undone.Sha}.\n"
        : $"This reverts commit {undone.Sha}, reversing\nchanges made to {undone.Parent!.Sha}.\n";
}
