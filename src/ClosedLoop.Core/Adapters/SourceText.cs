namespace ClosedLoop.Adapters;

/// <summary>Makes text that a source sent fit for a message.</summary>
public static class SourceText
{
    private const int MaxQuoted = 80;

    /// <summary>The text in quotes, cut at 80 characters, control characters and broken ones shown as '?'.</summary>
    public static string Quote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string shown = text.Length > MaxQuoted ? text[..MaxQuoted] + "…" : text;
        return "'" + string.Concat(shown.Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)) + "'";
    }
}
