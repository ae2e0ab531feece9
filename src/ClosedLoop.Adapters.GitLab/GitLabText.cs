using System.Globalization;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.SourceHosts;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitLab;

/// <summary>What GitLab itself writes into descriptions and commit messages, each alone on a line.</summary>
internal static class GitLabText
{
    private const string Reverts = "This reverts merge request ", See = "See merge request ";

    /// <summary>The merge requests of <c>This reverts merge request !12</c> (or <c>group/project!12</c>), which the revert button writes.</summary>
    public static IReadOnlyCollection<Key> RevertedMergeRequests(string? text, string repository)
    {
        if (string.IsNullOrEmpty(text) || !ChangeFacts.Mentions(text)) return [];
        var found = new SortedSet<Key>();
        foreach (var range in ProseLines.Of(text))
        {
            var line = text.AsSpan(range);
            if (!line.StartsWith(Reverts, StringComparison.Ordinal)) continue;
            line = line[Reverts.Length..].TrimEnd('.');
            int mark = line.IndexOf('!');
            if (mark < 0 || !int.TryParse(line[(mark + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number <= 0) continue;
            string name = mark == 0 ? repository : line[..mark].ToString();
            if (RepositoryPath.IsValid(name, GitLabSettings.MinSegments, GitLabSettings.MaxSegments) && found.Count < 100) found.Add(Key.PullRequest(name, number));
        }
        return found;
    }

    /// <summary>Whether a message is a merge commit's of GitLab, which ends in <c>See merge request group/project!12</c>.</summary>
    public static bool IsMergeMessage(string message)
    {
        foreach (var line in message.AsSpan().EnumerateLines())
            if (line.StartsWith(See, StringComparison.Ordinal) && line.Contains('!'))
                return true;
        return false;
    }
}
