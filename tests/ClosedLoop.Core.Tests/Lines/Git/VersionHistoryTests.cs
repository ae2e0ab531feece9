using ClosedLoop.Lines.Git;

namespace ClosedLoop.Core.Tests.Lines.Git;

/// <summary>Following the versions of a path along a line. A version is a letter; a commit's id is its step.</summary>
public sealed class VersionHistoryTests
{
    [Theory]
    [InlineData("ab", "")]
    [InlineData("aba", "2:1")]
    [InlineData("abca", "3:1 3:2")]
    [InlineData("abcb", "3:2")]
    [InlineData("abcba", "3:2 4:1")]
    [InlineData("abab", "2:1")]
    [InlineData("ababa", "2:1 4:3")]
    [InlineData("-a-", "2:1")]
    [InlineData("-ab-", "3:1 3:2")]
    [InlineData("abcdcb", "4:3 5:2")]
    public void A_version_that_comes_back_takes_away_what_was_done_since(string versions, string expected)
    {
        var steps = versions.Zip(versions.Skip(1), static (before, after) => (Before: Version(before), After: Version(after))).ToList();
        var line = steps.Select(static (s, i) => (Commit($"{i + 1}"), new TreeChanges([new TreeChange("app.txt", s.Before, s.After)], isComplete: true)));

        var history = VersionHistory.Of(line);

        var gone = from at in Enumerable.Range(1, steps.Count)
                   from earlier in Enumerable.Range(1, steps.Count)
                   where history.GoneAt($"{at}", $"{earlier}").Contains("app.txt")
                   select $"{at}:{earlier}";
        Assert.Equal(expected, string.Join(' ', gone));
    }

    [Fact]
    public void Each_path_has_a_history_of_its_own()
    {
        var history = VersionHistory.Of(
        [
            (Commit("1"), new TreeChanges([new TreeChange("a", "x", "y"), new TreeChange("b", "x", "y")], isComplete: true)),
            (Commit("2"), new TreeChanges([new TreeChange("a", "y", "x"), new TreeChange("b", "y", "z")], isComplete: true)),
        ]);

        Assert.Equal(["a"], history.GoneAt("2", "1"));
        Assert.Empty(history.GoneAt("1", "2"));
    }

    private static string? Version(char letter) => letter == '-' ? null : $"{letter}";

    private static LineCommit Commit(string sha) => new() { Sha = sha, Parents = [], CommittedAt = WorkClone.Start, PullRequest = null, Claims = CommitClaims.None };
}
