namespace ClosedLoop.Migration;

/// <summary>
/// The name that a repository has in keys. A remote's address can hold a password or token; only its path is ever kept.
/// </summary>
internal static class RepositoryName
{
    private const int MaxLength = 200;

    /// <summary>The path of an https, ssh or git address or of an scp-like <c>host:path</c>; null for any other, such as a local folder.</summary>
    public static string? FromUrl(string? url)
    {
        if (string.IsNullOrWhiteSpace(url)) return null;
        url = url.Trim();
        if (url.Contains("://", StringComparison.Ordinal))
        {
            return Uri.TryCreate(url, UriKind.Absolute, out var uri) && !uri.IsFile && uri.Host.Length > 0 ? Clean(Uri.UnescapeDataString(uri.AbsolutePath)) : null;
        }
        string place = url[(url.LastIndexOf('@') + 1)..];
        int colon = place.IndexOf(':', StringComparison.Ordinal);
        // A slash before the colon is a local path, and so is a one-letter host: a drive.
        return colon <= 1 || place.AsSpan(0, colon).IndexOfAny('/', '\\') >= 0 ? null : Clean(place[(colon + 1)..]);
    }

    /// <summary><c>local/</c> and the name of the folder that holds the clone.</summary>
    public static string FromFolder(string gitDirectory)
    {
        var folder = new DirectoryInfo(Path.TrimEndingDirectorySeparator(gitDirectory));
        if (folder.Name == ".git" && folder.Parent is { } parent) folder = parent;
        return "local/" + (Clean(folder.Name) ?? "clone");
    }

    private static string? Clean(string path)
    {
        path = path.Trim().Trim('/');
        if (path.EndsWith(".git", StringComparison.OrdinalIgnoreCase)) path = path[..^4].TrimEnd('/');
        if (path.Length > MaxLength || !path.Any(char.IsLetterOrDigit)) return null;
        // '#' and '@' separate a repository from a number or commit in keys.
        return string.Create(path.Length, path, static (span, text) =>
        {
            for (int i = 0; i < span.Length; i++)
                span[i] = char.IsLetterOrDigit(text[i]) || text[i] is '-' or '_' or '.' or '/' or '~' or '+' ? char.ToLowerInvariant(text[i]) : '-';
        });
    }
}
