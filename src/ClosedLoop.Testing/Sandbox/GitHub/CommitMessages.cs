using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.GitHub;

/// <summary>The messages of the commits that GitHub makes when it merges, and of those that <c>git revert</c> makes.</summary>
internal static class CommitMessages
{
    /// <summary>Of the commit by which a change lands.</summary>
    public static string Landing(WorldChange change)
    {
        var pull = change.Pull;
        return change.Plan.End == ChangeEnd.Merge
            ? $"Merge pull request #{pull.Number} from {pull.Repository.Split('/')[0]}/{pull.Branch}\n\n{pull.Title}"
            : $"{pull.Title} (#{pull.Number})\n\n{change.Undoes ?? pull.Body}";
    }

    /// <summary>Of the one commit on a change's own branch.</summary>
    public static string OfBranch(WorldChange change) => change.Undoes is { } undoes ? $"{change.Pull.Title}\n\n{undoes}" : change.Pull.Title;

    /// <summary>What git writes when it undoes a commit.</summary>
    public static string Reverts(WorldCommit undone) => undone.Merged is null
        ? $"This reverts commit {undone.Sha}.\n"
        : $"This reverts commit {undone.Sha}, reversing\nchanges made to {undone.Parent!.Sha}.\n";
}
