using System.Text.RegularExpressions;

namespace ClosedLoop.Adapters.GitHub;

/// <summary>The form of a webhook's path in the API. It is checked before it becomes part of an address.</summary>
internal static partial class HookPath
{
    /// <summary>The one hook of the App itself.</summary>
    public const string OfApp = "app/hook";

    public static bool IsValid(string? path)
    {
        if (path == OfApp) return true;
        if (path is not { Length: <= 300 } || !Form().IsMatch(path)) return false;
        return !path.StartsWith("repos/", StringComparison.Ordinal) || RepositoryName.IsValid(string.Join('/', path.Split('/')[1..3]));
    }

    [GeneratedRegex(@"\A(?:repos/[A-Za-z0-9_-]+/[A-Za-z0-9._-]+|orgs/[A-Za-z0-9_-]+)/hooks/[1-9][0-9]{0,18}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
