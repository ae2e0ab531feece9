namespace ClosedLoop.Adapters.Jenkins;

/// <summary>Makes text that a source sent fit for a message.</summary>
internal static class Text
{
    private const int MaxQuoted = 80;

    public static string Quote(string text)
    {
        string shown = text.Length > MaxQuoted ? text[..MaxQuoted] + "…" : text;
        return "'" + string.Concat(shown.Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)) + "'";
    }
}
