using System.Text.RegularExpressions;

namespace ClosedLoop.Adapters.GitHub;

/// <summary>The form of a repository's full name. It is checked before a name becomes part of an address or a query.</summary>
internal static partial class RepositoryName
{
    public static bool IsValid(string? name) => name is { Length: <= 200 } && Form().IsMatch(name) && !name.EndsWith("/.", StringComparison.Ordinal) && !name.EndsWith("/..", StringComparison.Ordinal);

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,100}/[A-Za-z0-9._-]{1,100}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
