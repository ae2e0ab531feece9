namespace ClosedLoop.Adapters.GitHub;

/// <summary>
/// Reads the trailer that names a work item: <c>Work-Item: BL-42</c>, alone on a line that it starts. An id in prose is never taken:
/// that closes the wrong item sooner or later.
/// </summary>
internal static class ItemTrailer
{
    public static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-') && name[0] != '-';

    /// <summary>The last trailer of a text, or null. HTML comments (templates hold examples in them) and fenced code are skipped.</summary>
    public static string? Find(string name, string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        string? found = null;
        bool inComment = false;
        char fence = '\0';
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan(range).TrimEnd();
            if (fence != '\0')
            {
                if (FenceOf(line) == fence) fence = '\0';
                continue;
            }
            bool startedInComment = inComment;
            inComment = EndsInComment(line, inComment);
            if (startedInComment) continue;
            fence = inComment ? '\0' : FenceOf(line);
            if (fence != '\0') continue;
            if (Read(name, line) is { } id) found = id;
        }
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

    private static char FenceOf(ReadOnlySpan<char> line)
    {
        var text = line.TrimStart();
        if (text.StartsWith("~~~", StringComparison.Ordinal)) return '~';
        return text.StartsWith("```", StringComparison.Ordinal) && !text.TrimStart('`').Contains('`') ? '`' : '\0';
    }

    private static bool EndsInComment(ReadOnlySpan<char> line, bool inComment)
    {
        while (true)
        {
            int next = line.IndexOf(inComment ? "-->" : "<!--", StringComparison.Ordinal);
            if (next < 0) return inComment;
            line = line[(next + (inComment ? 3 : 4))..];
            inComment = !inComment;
        }
    }
}
