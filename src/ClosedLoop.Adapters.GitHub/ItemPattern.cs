using System.Text.RegularExpressions;

namespace ClosedLoop.Adapters.GitHub;

/// <summary>A configured pattern that finds a work item's id in a branch name or label.</summary>
internal static class ItemPattern
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>Compiles a pattern so that no text that a stranger chose can make it slow.</summary>
    public static Regex Compile(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Limit);

    public static string? Find(Regex? pattern, string? text)
    {
        if (pattern is null || string.IsNullOrEmpty(text)) return null;
        try
        {
            var group = pattern.Match(text).Groups["id"];
            return group.Success && group.Value.Trim() is { Length: > 0 } id ? id : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }
}
