namespace ClosedLoop.Facts;

/// <summary>What texts hold, asked many characters at a time.</summary>
internal static class PlainText
{
    /// <summary>Whether any character is a control character.</summary>
    public static bool HasControl(ReadOnlySpan<char> text) => text.ContainsAnyInRange('\0', '\u001F') || text.ContainsAnyInRange('\u007F', '\u009F');

    /// <summary>Whether any character is half of a surrogate pair.</summary>
    public static bool HasSurrogate(ReadOnlySpan<char> text) => text.ContainsAnyInRange('\uD800', '\uDFFF');
}
