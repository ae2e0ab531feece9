namespace ClosedLoop.Adapters.Oci;

/// <summary>Reads which git repository an address names: that of a source label or of a material in a provenance.</summary>
internal static class GitRemote
{
    private const int MaxLength = 1000;

    public static bool IsName(string? repository) =>
        repository is not null && Normalize(repository) is { Length: > 2 and <= 140 } name && name.Contains('/', StringComparison.Ordinal) &&
        name.Split('/').All(static part => part.Length > 0 && part is not ("." or "..") && part.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~'));

    public static string Normalize(string repository) => repository.Trim().Trim('/').ToLowerInvariant();

    /// <summary>
    /// The path of the remote as a repository's name, or null: <c>https://git.example/acme/web.git#main</c>, <c>git+https://…@refs/heads/main</c>
    /// and <c>git@git.example:acme/web.git</c> are all <c>acme/web</c>.
    /// </summary>
    public static string? NameOf(string? remote)
    {
        if (remote?.Trim() is not { Length: > 0 and <= MaxLength } text) return null;
        if (text.StartsWith("git+", StringComparison.OrdinalIgnoreCase)) text = text[4..];
        int scheme = text.IndexOf("://", StringComparison.Ordinal), colon = text.IndexOf(':', StringComparison.Ordinal);
        string path;
        if (scheme > 0)
        {
            int slash = text.IndexOf('/', scheme + 3);
            if (slash < 0) return null;
            path = text[slash..];
        }
        else if (colon > 0 && !text.StartsWith("pkg:", StringComparison.OrdinalIgnoreCase)) path = text[(colon + 1)..];
        else return null;
        int end = path.AsSpan().IndexOfAny("#?@");
        if (end >= 0) path = path[..end];
        path = Normalize(path);
        if (path.EndsWith(".git", StringComparison.Ordinal)) path = path[..^4];
        return IsName(path) ? path : null;
    }

    /// <summary>Whether the remote is the repository: hosts put a prefix before its name (<c>/scm/</c>, a context path).</summary>
    public static bool Matches(string? remote, string repository) =>
        NameOf(remote) is { } name && (name == repository || (name.Length > repository.Length && name.EndsWith(repository, StringComparison.Ordinal) && name[^(repository.Length + 1)] == '/'));
}
