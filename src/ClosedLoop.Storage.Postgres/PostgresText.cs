using System.Globalization;
using System.Text;

namespace ClosedLoop.Storage.Postgres;

/// <summary>
/// Free text as PostgreSQL can hold it. It takes no NUL and only whole UTF-8, and a text must come back as it went in, so these few
/// characters are escaped with U+FFFF, which is no character and so escaped itself. Keys hold none of them and need no escape.
/// </summary>
internal static class PostgresText
{
    private const char Escape = '\uFFFF';

    public static string Encode(string text) => NeedsEscape(text) ? Escaped(text) : text;

    public static string? EncodeOrNull(string? text) => text is null ? null : Encode(text);

    public static string Decode(string text)
    {
        int at = text.IndexOf(Escape, StringComparison.Ordinal);
        if (at < 0) return text;
        var plain = new StringBuilder(text.Length).Append(text, 0, at);
        for (; at < text.Length; at++)
        {
            if (text[at] == Escape && at + 4 < text.Length && ushort.TryParse(text.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
            {
                plain.Append((char)code);
                at += 4;
            }
            else
            {
                plain.Append(text[at]);
            }
        }
        return plain.ToString();
    }

    /// <summary>As PostgreSQL's lower() in the collation "C": only ASCII letters.</summary>
    public static string LowerAscii(string text) =>
        string.Create(text.Length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++) span[i] = char.IsAsciiLetterUpper(source[i]) ? (char)(source[i] | 0x20) : source[i];
        });

    private static bool NeedsEscape(string text) => text.AsSpan().ContainsAny('\0', Escape) || (text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && HasHalfPair(text));

    private static bool HasHalfPair(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!IsPair(text, i)) return true;
            i++;
        }
        return false;
    }

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            if (IsPair(text, i)) escaped.Append(text[i]).Append(text[++i]);
            else if (text[i] is '\0' or Escape || char.IsSurrogate(text[i])) escaped.Append(Escape).Append(((int)text[i]).ToString("x4", CultureInfo.InvariantCulture));
            else escaped.Append(text[i]);
        }
        return escaped.ToString();
    }

    private static bool IsPair(string text, int at) => char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
}
