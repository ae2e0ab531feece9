namespace ClosedLoop.Adapters.Gitea;

/// <summary>What Gitea and Forgejo themselves write.</summary>
internal static class GiteaText
{
    private static readonly string[] DraftPrefixes = ["WIP:", "[WIP]"];

    /// <summary>Whether a message is one of a merge: <c>Merge pull request 'Title' (#7) from …</c>, or of a squash, <c>Title (#7)</c>.</summary>
    public static bool IsMergeMessage(string message)
    {
        var title = message.AsSpan();
        title = (title.IndexOf('\n') is >= 0 and var end ? title[..end] : title).TrimEnd();
        if (title.StartsWith("Merge pull request ", StringComparison.Ordinal)) return true;
        int mark = title.LastIndexOf("(#", StringComparison.Ordinal);
        return mark >= 0 && title.EndsWith(")", StringComparison.Ordinal) && title[(mark + 2)..^1] is { Length: > 0 } number && !number.ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>Older versions say that a pull request is a draft by its title alone.</summary>
    public static bool IsDraftTitle(string? title) => title is not null && Array.Exists(DraftPrefixes, prefix => title.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
