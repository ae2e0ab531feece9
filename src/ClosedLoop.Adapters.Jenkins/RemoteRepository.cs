namespace ClosedLoop.Adapters.Jenkins;

/// <summary>
/// Tells whether a git remote is the configured repository. A build can check out several repositories (shared libraries), and the
/// revision of another one says nothing about this one's commits.
/// </summary>
internal static class RemoteRepository
{
    public static string Normalize(string repository) => repository.Trim().Trim('/').ToLowerInvariant();

    public static bool IsName(string? repository) =>
        repository is not null && Normalize(repository) is { Length: > 2 and <= 140 } name && name.Contains('/', StringComparison.Ordinal) &&
        name.Split('/').All(static part => part.Length > 0 && part.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~'));

    /// <summary>
    /// Whether the remote's path ends with the repository's name: hosts put a prefix before it (<c>/scm/</c>, a context path), and the
    /// address can be of any form that git takes.
    /// </summary>
    public static bool Matches(string remote, string repository)
    {
        string path = Path(remote.Trim());
        return path.Length == repository.Length
            ? path == repository
            : path.EndsWith(repository, StringComparison.Ordinal) && path[^(repository.Length + 1)] == '/';
    }

    /// <summary>The repository's name as a remote's address gives it, or null when it has none that a key could hold.</summary>
    public static string? NameOf(string remote)
    {
        string path = Path(remote.Trim());
        if (path.StartsWith("scm/", StringComparison.Ordinal)) path = path["scm/".Length..];
        return IsName(path) ? path : null;
    }

    private static string Path(string remote)
    {
        int scheme = remote.IndexOf("://", StringComparison.Ordinal);
        int colon = remote.IndexOf(':', StringComparison.Ordinal);
        string path = scheme >= 0 ? remote[Math.Max(scheme + 3, remote.IndexOf('/', scheme + 3))..]
            : colon >= 0 ? remote[(colon + 1)..] // git@host:owner/name.git
            : remote;
        path = path.Trim('/').ToLowerInvariant();
        return path.EndsWith(".git", StringComparison.Ordinal) ? path[..^4] : path;
    }
}
