namespace ClosedLoop.Adapters.CDEvents;

internal static class CommitId
{
    /// <summary>A full commit id in lower case, or null: short ids, tags and branch names identify no commit.</summary>
    public static string? Read(string? text) => text?.Trim() is { Length: 40 or 64 } id && id.All(char.IsAsciiHexDigit) ? id.ToLowerInvariant() : null;
}
