namespace ClosedLoop.Adapters.GitHub;

/// <summary>
/// The lines of a description that say something: HTML comments (templates hold examples in them) and fenced code are left out.
/// </summary>
internal static class ProseLines
{
    /// <summary>The lines' places in the text, without white space at their ends.</summary>
    public static IEnumerable<Range> Of(string text)
    {
        bool inComment = false;
        char fence = '\0';
        for (int start = 0; start <= text.Length;)
        {
            int end = text.IndexOf('\n', start);
            if (end < 0) end = text.Length;
            int length = text.AsSpan(start, end - start).TrimEnd().Length;
            var line = start..(start + length);
            start = end + 1;
            if (fence != '\0')
            {
                if (FenceOf(text.AsSpan(line)) == fence) fence = '\0';
                continue;
            }
            bool startedInComment = inComment;
            inComment = EndsInComment(text.AsSpan(line), inComment);
            if (startedInComment) continue;
            fence = inComment ? '\0' : FenceOf(text.AsSpan(line));
            if (fence == '\0') yield return line;
        }
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
