using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.SourceHosts;

/// <summary>The history of a line as hosts list it: newest first, the commits of merged branches among the line's own.</summary>
internal static class SourceHistory
{
    /// <param name="from">Where it begins.</param>
    /// <param name="firstParent">Without what merges brought in.</param>
    public static IEnumerable<SourceCommit> Of(WorldCommit from, bool firstParent = false)
    {
        for (var at = from; at is not null; at = at.Parent)
        {
            yield return OfLine(at);
            if (!firstParent && at is { Merged: { } merged, Change: { } change }) yield return new SourceCommit(merged, [change.Pull.BaseSha], CommitMessages.OfBranch(change), change.Plan.Author, change.Pull.CreatedAt);
        }
    }

    /// <summary>What a push brings: what its head has and what stood there before has not.</summary>
    public static IEnumerable<SourceCommit> Pushed(WorldCommit before, WorldCommit head)
    {
        var line = new HashSet<string>(StringComparer.Ordinal);
        for (var at = head; at is not null && !before.Contains(at); at = at.Parent)
        {
            line.Add(at.Sha);
            if (at.Merged is { } merged) line.Add(merged);
        }
        return Of(head).TakeWhile(c => line.Contains(c.Sha));
    }

    public static SourceCommit OfLine(WorldCommit commit) =>
        new(commit.Sha, commit.Parent is null ? [] : commit.Merged is { } merged ? [commit.Parent.Sha, merged] : [commit.Parent.Sha], commit.Message, commit.Author, commit.At);
}
