using System.Globalization;
using System.Text;

namespace ClosedLoop.AspNetCore.Dashboard.Text;

/// <summary>
/// Text of strangers as it may be shown: short, on one line, with every character that steers a terminal, a reading direction or a line break
/// replaced by a visible mark. Markup is encoded by the renderer; this is about what encoding lets through. Pure.
/// </summary>
internal static class DisplayText
{
    /// <summary>The longest title, in characters.</summary>
    public const int MaxTitle = 200;

    /// <summary>The longest sentence, in characters.</summary>
    public const int MaxSentence = 600;

    private const char Mark = '\uFFFD';

    public static string Title(string? text) => Of(text, MaxTitle);

    public static string Sentence(string? text) => Of(text, MaxSentence);

    public static string Of(string? text, int longest)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var shown = new StringBuilder(Math.Min(text.Length, longest) + 1);
        bool isGap = false;
        int i = 0;
        // What is not shown is not looked at, however long it is.
        for (; i < text.Length && shown.Length < longest; i++)
        {
            char c = text[i];
            if (c is ' ' or '\t' or '\r' or '\n' or '\u00A0')
            {
                if (!isGap && shown.Length > 0) shown.Append(' ');
                isGap = true;
                continue;
            }
            isGap = false;
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) shown.Append(c).Append(text[++i]);
            else shown.Append(IsShown(c) ? c : Visible(c));
        }
        string result = shown.ToString().TrimEnd();
        return i < text.Length ? result + "…" : result;
    }

    // U+2400 and on are pictures of the control characters.
    private static char Visible(char c) => c < ' ' ? (char)(0x2400 + c) : c == '\u007F' ? '\u2421' : Mark;

    private static bool IsShown(char c)
    {
        if (c < 0x7F) return c >= ' ';
        // U+200D joins emoji and letters of several scripts: it changes no direction.
        return c == '\u200D' || (!char.IsSurrogate(c) && CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned));
    }
}
