using System.Globalization;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub;

/// <summary>
/// Reads what a pull request says it reverts: <c>Reverts acme/web#12</c> or <c>Reverts #12</c>, alone on a line, which is what GitHub's
/// revert button writes. A title that says "Revert" names nothing, and a number in prose is never taken.
/// </summary>
internal static class RevertLine
{
    private const string Word = "Reverts ";

    /// <summary>The pull requests that a description names, without the one that it describes, in key order.</summary>
    public static IReadOnlyCollection<Key> Find(string? body, string repository, long number)
    {
        if (string.IsNullOrEmpty(body)) return [];
        var found = new SortedSet<Key>();
        foreach (var line in ProseLines.Of(body))
            if (Read(body.AsSpan(line), repository) is { } key && key != Key.PullRequest(repository, number))
                found.Add(key);
        return found;
    }

    /// <summary>Whether a text speaks of reverting at all; where none does, an edit of it cannot take a revert back either.</summary>
    public static bool Mentions(string? text) => text is not null && text.Contains("revert", StringComparison.OrdinalIgnoreCase);

    private static Key? Read(ReadOnlySpan<char> line, string repository)
    {
        if (!line.StartsWith(Word, StringComparison.OrdinalIgnoreCase)) return null;
        var what = line[Word.Length..].Trim();
        if (what.EndsWith(".", StringComparison.Ordinal)) what = what[..^1];
        int mark = what.IndexOf('#');
        if (mark < 0 || !int.TryParse(what[(mark + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number <= 0) return null;
        string name = mark == 0 ? repository : what[..mark].ToString();
        return RepositoryName.IsValid(name) ? Key.PullRequest(name, number) : null;
    }
}
