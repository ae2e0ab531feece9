namespace ClosedLoop.Adapters.SourceHosts;

/// <summary>The form of a repository's full path. It is checked before it becomes part of a key or an address.</summary>
internal static class RepositoryPath
{
    private const int MaxLength = 255;

    public static bool IsValid(string? path, int minSegments, int maxSegments)
    {
        if (path is not { Length: > 2 and <= MaxLength }) return false;
        int segments = 0;
        foreach (var range in path.AsSpan().Split('/'))
        {
            var segment = path.AsSpan(range);
            if (segment.IsEmpty || segment is "." or "..") return false;
            foreach (char c in segment)
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
                    return false;
            segments++;
        }
        return segments >= minSegments && segments <= maxSegments;
    }

    /// <summary>The repository in a page's address: what stands in its path before a marker, below the host's own path.</summary>
    public static string? OfAddress(string? address, string marker, int minSegments, int maxSegments)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)) return null;
        int end = uri.AbsolutePath.IndexOf(marker, StringComparison.Ordinal);
        string path = (end < 0 ? uri.AbsolutePath : uri.AbsolutePath[..end]).Trim('/');
        return IsValid(path, minSegments, maxSegments) ? path : null;
    }
}
