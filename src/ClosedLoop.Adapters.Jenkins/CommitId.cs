namespace ClosedLoop.Adapters.Jenkins;

internal static class CommitId
{
    /// <summary>A full commit id in lower case, or null: short ids, Subversion revisions and branch names identify no commit.</summary>
    public static string? Read(string? text) =>
        text?.Trim() is { Length: 40 or 64 } id && id.All(char.IsAsciiHexDigit) ? id.ToLowerInvariant() : null;
}
