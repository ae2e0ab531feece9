using System.Globalization;
using ClosedLoop.Facts;

namespace ClosedLoop.AspNetCore.Api;

/// <summary>
/// Reads keys that callers write by hand. Sources treat repository names, commit ids and digests as case-insensitive and adapters
/// write them in lower case; a key in another spelling would join nothing, without a word.
/// </summary>
internal static class RequestKey
{
    public static bool TryParse(string? text, out Key key)
    {
        if (!Key.TryParse(text, out key)) return false;
        var parsed = Normalise(key);
        key = parsed ?? default;
        return parsed is not null;
    }

    private static Key? Normalise(Key key)
    {
        string value = key.Value;
        int hash = value.LastIndexOf('#');
        int at = value.IndexOf('@', StringComparison.Ordinal);
        switch (key.Scheme)
        {
            case KeySchemes.PullRequest:
                return hash > 0 && long.TryParse(value.AsSpan(hash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? Key.PullRequest(value[..hash], number) : null;
            case KeySchemes.Commit:
                return at > 0 && at < value.Length - 1 ? Key.Commit(value[..at], value[(at + 1)..]) : null;
            case KeySchemes.Branch:
                return at > 0 && at < value.Length - 1 ? Key.Branch(value[..at], value[(at + 1)..]) : null;
            case KeySchemes.Check:
                int slash = at > 0 ? value.IndexOf('/', at) : -1;
                return slash > at + 1 && slash < value.Length - 1 ? Key.Check(value[..at], value[(at + 1)..slash], value[(slash + 1)..]) : null;
            case KeySchemes.Review:
                return Key.Create(KeySchemes.Review, value.ToLowerInvariant());
            case KeySchemes.Image:
                return value.Contains(':', StringComparison.Ordinal) ? Key.Image(value) : null;
            case KeySchemes.Build:
                return value.TrimEnd('/').Length > 0 ? Key.Build(value) : null;
            case KeySchemes.Item:
                return null;
            default:
                return key;
        }
    }
}
