namespace ClosedLoop.Lines;

/// <summary>Patterns of paths: a full path, <c>folder/**</c> for all below a folder, <c>*.ext</c> for a name anywhere. Pure.</summary>
internal static class PathPattern
{
    public static bool Matches(string pattern, string path)
    {
        if (pattern.EndsWith("/**", StringComparison.Ordinal)) return path.StartsWith(pattern[..^2], StringComparison.Ordinal);
        if (pattern.StartsWith("*.", StringComparison.Ordinal)) return path.EndsWith(pattern[1..], StringComparison.Ordinal);
        return string.Equals(pattern, path, StringComparison.Ordinal);
    }
}
