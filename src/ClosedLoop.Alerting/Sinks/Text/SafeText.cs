using System.Text;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>
/// Makes one printable line of what a source sent: terminal escapes, control characters and characters that turn the reading direction or cannot be
/// seen are left out, line breaks become spaces, and it is cut. Pure.
/// </summary>
internal static class SafeText
{
    // An escape sequence that goes on for longer is none: only its first character is left out.
    private const int LongestEscape = 2_000;

    public static string Line(string? text, int maxLength)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var line = new StringBuilder(Math.Min(text.Length, maxLength) + 2);
        bool space = false;
        for (int i = 0; i < text.Length && line.Length <= maxLength; i++)
        {
            char c = text[i];
            if (c is '\u001B' or '\u009B')
            {
                i = EndOfEscape(text, i);
                continue;
            }
            if (IsUnseen(c)) continue;
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                space = true;
                continue;
            }
            bool pair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            // Tag characters: a whole alphabet that cannot be seen.
            if (pair && c == '\uDB40')
            {
                i++;
                continue;
            }
            if (space && line.Length > 0) line.Append(' ');
            space = false;
            if (pair) line.Append(c).Append(text[++i]);
            else line.Append(char.IsSurrogate(c) ? '\uFFFD' : c);
        }
        return Cut(line.ToString(), maxLength);
    }

    /// <summary>The text, or its beginning and '…'; a character of two code units is not torn.</summary>
    public static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength) return text;
        int end = maxLength - 1;
        if (end > 0 && char.IsHighSurrogate(text[end - 1])) end--;
        return text[..end] + "…";
    }

    private static bool IsUnseen(char c) => c is '\u00AD' or '\u061C' or '\u180E' or '\uFEFF' or '\u200B' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u206F');

    // The index of its last character.
    private static int EndOfEscape(string text, int start)
    {
        int i = start + 1;
        if (i >= text.Length) return start;
        int limit = Math.Min(text.Length, start + LongestEscape);
        if (text[start] == '\u009B') return EndOfControlSequence(text, start, i, limit);
        if (text[i] == '[') return EndOfControlSequence(text, start, i + 1, limit);
        // Titles and links, up to a bell or ESC \.
        if (text[i] is ']' or 'P' or '_' or '^')
        {
            for (; i < limit; i++)
            {
                if (text[i] is '\u0007' or '\u009C') return i;
                if (text[i] == '\u001B' && i + 1 < text.Length && text[i + 1] == '\\') return i + 1;
            }
            return start;
        }
        return text[i] is >= ' ' and <= '~' ? i : start;
    }

    private static int EndOfControlSequence(string text, int start, int from, int limit)
    {
        for (int i = from; i < limit; i++)
        {
            if (text[i] is >= '@' and <= '~') return i;
            if (text[i] is < ' ' or > '~') return start;
        }
        return start;
    }
}
