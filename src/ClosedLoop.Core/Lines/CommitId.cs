using System.Buffers;
using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>A commit of a repository, as the line index names it: both in lower case.</summary>
internal readonly record struct CommitId(string Repository, string Sha)
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    public Key Key => Key.Commit(Repository, Sha);

    public static bool IsSha(string? text) => IsSha(text.AsSpan());

    private static bool IsSha(ReadOnlySpan<char> text) => text.Length is 40 or 64 && !text.ContainsAnyExcept(HexDigits);

    /// <summary>The commit that a <c>commit:</c> or <c>check:</c> key names, or null.</summary>
    public static CommitId? Of(Key key)
    {
        if (!key.Is(KeySchemes.Commit) && !key.Is(KeySchemes.Check)) return null;
        var value = key.ToString().AsSpan();
        value = value[(value.IndexOf(':') + 1)..];
        int at = value.IndexOf('@');
        if (at <= 0) return null;
        var sha = value[(at + 1)..];
        int slash = sha.IndexOf('/');
        if (slash >= 0) sha = sha[..slash];
        return IsSha(sha) ? new CommitId(value[..at].ToString().ToLowerInvariant(), sha.ToString().ToLowerInvariant()) : null;
    }
}
