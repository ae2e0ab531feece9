using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>A commit of a repository, as the line index names it: both in lower case.</summary>
internal readonly record struct CommitId(string Repository, string Sha)
{
    public Key Key => Key.Commit(Repository, Sha);

    public static bool IsSha(string? text) => text is { Length: 40 or 64 } && text.All(char.IsAsciiHexDigit);

    /// <summary>The commit that a <c>commit:</c> or <c>check:</c> key names, or null.</summary>
    public static CommitId? Of(Key key)
    {
        if (!key.Is(KeySchemes.Commit) && !key.Is(KeySchemes.Check)) return null;
        string value = key.Value;
        int at = value.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0) return null;
        int slash = value.IndexOf('/', at);
        string sha = slash < 0 ? value[(at + 1)..] : value[(at + 1)..slash];
        return IsSha(sha) ? new CommitId(value[..at].ToLowerInvariant(), sha.ToLowerInvariant()) : null;
    }
}
