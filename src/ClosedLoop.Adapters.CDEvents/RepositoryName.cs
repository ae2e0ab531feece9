namespace ClosedLoop.Adapters.CDEvents;

/// <summary>Reads <c>owner/name</c> out of what events call a repository: an id, an address, or a host with a path.</summary>
internal static class RepositoryName
{
    /// <summary>The name in lower case, or null when the text names no repository with its owner.</summary>
    public static string? Read(string? text)
    {
        if (text is null || text.Length > 300) return null;
        text = text.Trim();
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
        {
            int path = text.IndexOf('/', scheme + 3);
            if (path < 0) return null;
            text = text[(path + 1)..];
        }
        text = text.Trim('/');
        if (text.EndsWith(".git", StringComparison.OrdinalIgnoreCase)) text = text[..^4];
        string[] parts = text.Split('/');
        // my-git.example/an-org/a-repo: owners have no dots on most hosts, and a host stands before both parts.
        if (scheme < 0 && parts.Length > 2 && parts[0].AsSpan().IndexOfAny('.', ':') >= 0) parts = parts[1..];
        if (parts.Length < 2 || parts.Any(static p => p.Length == 0 || p is "." or ".." || !p.All(static c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or '~'))) return null;
        return string.Join('/', parts).ToLowerInvariant();
    }
}
