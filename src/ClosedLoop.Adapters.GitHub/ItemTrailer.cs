namespace ClosedLoop.Adapters.GitHub;

/// <summary>
/// Reads the trailer that names a work item: <c>Work-Item: BL-42</c>, alone on a line that it starts. An id in prose is never taken:
/// that closes the wrong item sooner or later.
/// </summary>
internal static class ItemTrailer
{
    public static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-') && name[0] != '-';

    /// <summary>The last trailer of a text, or null.</summary>
    public static string? Find(string name, string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        string? found = null;
        foreach (var line in ProseLines.Of(text))
            if (Read(name, text.AsSpan(line)) is { } id)
                found = id;
        return found;
    }

    private static string? Read(string name, ReadOnlySpan<char> line)
    {
        if (line.Length <= name.Length || line[name.Length] != ':' || !line.StartsWith(name, StringComparison.OrdinalIgnoreCase)) return null;
        var value = line[(name.Length + 1)..].Trim();
        if (value.IsEmpty || value.StartsWith("<!--", StringComparison.Ordinal)) return null;
        foreach (char c in value)
            if (char.IsWhiteSpace(c))
                return null;
        return value.ToString();
    }
}
