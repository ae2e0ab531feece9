using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.GitHub;

/// <summary>The messages of the commits that GitHub makes when it merges, and of those that <c>git revert</c> makes.</summary>
internal static class CommitMessages
{
    public static string Landing(WorldChange change)
    {
        var pull = change.Pull;
        if (change.Plan.End == ChangeEnd.Merge) return $"Merge pull request #{pull.Number} from {pull.Repository.Split('/')[0]}/{pull.Branch}\n\n{pull.Title}";
        string text = change.Plan.Reverts is { } reverted ? Reverts(reverted) : pull.Body;
        return $"{pull.Title} (#{pull.Number})\n\n{text}";
    }

    private static string Reverts(WorldChange reverted) => reverted.Landing is { Merged: not null } merge
        ? $"This reverts commit {merge.Sha}, reversing\nchanges made to {merge.Parent!.Sha}.\n"
        : $"This reverts commit {reverted.Landing!.Sha}.\n";
}
