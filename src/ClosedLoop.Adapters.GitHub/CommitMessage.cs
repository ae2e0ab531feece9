namespace ClosedLoop.Adapters.GitHub;

/// <summary>
/// Reads what git itself writes into commit messages, each alone on a line and with a full commit id: a short id may name another
/// commit, and anybody's prose may mention one.
/// </summary>
internal static class CommitMessage
{
    /// <summary>The most commits that one message can name: 100. Git names one; a squash adds up those of its commits.</summary>
    public const int MaxCommits = 100;

    /// <summary>The commits of <c>git revert</c>: <c>This reverts commit ID.</c>, or of a merge <c>This reverts commit ID, reversing</c>. In lower case and order.</summary>
    public static IReadOnlyCollection<string> Reverts(string? message) =>
        Find(message, "This reverts commit ", static rest => rest is "" or "." || rest.StartsWith(", reversing", StringComparison.Ordinal));

    /// <summary>
    /// The commits that a change's description names as <see cref="Reverts"/> does: a host begins the description of a change that has one commit as that
    /// commit's message, and the commit itself may come in by a merge, so that the history of the line does not show it. Comments and fenced code say nothing.
    /// </summary>
    public static IReadOnlyCollection<string> RevertsInDescription(string? description) =>
        description is null ? [] : Reverts(string.Join('\n', ProseLines.Of(description).Select(line => description[line])));

    /// <summary>The commits of <c>git cherry-pick -x</c>: <c>(cherry picked from commit ID)</c>. In lower case and order.</summary>
    public static IReadOnlyCollection<string> PickedFrom(string? message) =>
        Find(message, "(cherry picked from commit ", static rest => rest is ")");

    private static SortedSet<string> Find(string? message, string prefix, Func<ReadOnlySpan<char>, bool> endsWell)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        if (string.IsNullOrEmpty(message)) return found;
        foreach (var range in message.AsSpan().Split('\n'))
        {
            var line = message.AsSpan(range).TrimEnd();
            if (!line.StartsWith(prefix, StringComparison.Ordinal)) continue;
            line = line[prefix.Length..];
            int end = line.IndexOfAnyExcept(Hexadecimal);
            string id = line[..(end < 0 ? line.Length : end)].ToString();
            if (KeyText.IsCommit(id) && endsWell(line[id.Length..]) && found.Add(id.ToLowerInvariant()) && found.Count >= MaxCommits) break;
        }
        return found;
    }

    private static readonly System.Buffers.SearchValues<char> Hexadecimal = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");
}
