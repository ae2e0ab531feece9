using System.Text;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>How one receiver writes emphasis and links, and how text is kept from being either. Pure.</summary>
internal sealed record TextMarkup
{
    /// <summary>Makes one line of text mean nothing but itself.</summary>
    public required Func<string, string> Escape { get; init; }

    /// <summary>Emphasizes text that is already escaped.</summary>
    public required Func<string, string> Strong { get; init; }

    /// <summary>A link to an http or https address, with its words.</summary>
    public required Func<Uri, string, string> Link { get; init; }

    public static TextMarkup Plain { get; } = new() { Escape = static text => text, Strong = static text => text, Link = static (uri, words) => $"{words}: {uri.AbsoluteUri}" };

    public static TextMarkup Slack { get; } = new() { Escape = EscapeSlack, Strong = static text => $"*{text}*", Link = static (uri, words) => $"<{EscapeSlack(uri.AbsoluteUri).Replace("|", "%7C", StringComparison.Ordinal)}|{words}>" };

    public static TextMarkup Mattermost { get; } = new() { Escape = EscapeMattermost, Strong = static text => $"**{text}**", Link = static (uri, words) => $"[{words}](<{uri.AbsoluteUri.Replace("<", "%3C", StringComparison.Ordinal).Replace(">", "%3E", StringComparison.Ordinal)}>)" };

    /// <summary>The notice with every text of it made one safe line; keys and times stay as they are.</summary>
    public IncidentNotice Apply(IncidentNotice notice) => notice with
    {
        Cause = Text(notice.Cause, 600)!,
        CauseKind = Text(notice.CauseKind, 60)!,
        Title = Text(notice.Title, 250)!,
        Summary = Text(notice.Summary, 600)!,
        NextAction = Text(notice.NextAction, 400)!,
        OldestItemId = Text(notice.OldestItemId, 100),
        OldestItemTitle = Text(notice.OldestItemTitle, 200),
        Items = notice.Items.IsDefaultOrEmpty ? [] : [.. notice.Items.Take(10).Select(item => Text(item, 100)!)],
        Owner = Text(notice.Owner, 100),
        Gate = Text(notice.Gate, 100),
        Repository = Text(notice.Repository, 200),
        Branch = Text(notice.Branch, 200),
        Environment = Text(notice.Environment, 200),
        Source = Text(notice.Source, 100),
        Priority = Text(notice.Priority, 60),
        By = Text(notice.By, 100),
        Evidence = IncidentText.WebLink(notice.Evidence),
    };

    private string? Text(string? text, int maxLength) => text is null ? null : Escape(SafeText.Line(text, maxLength));

    // Slack has no escape for its marks: those that could swallow what follows are replaced by look-alikes.
    private static string EscapeSlack(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (char c in text)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '`' => escaped.Append('\u02CB'),
                '*' => escaped.Append('\u2217'),
                // Nothing that follows is a name that somebody is called by.
                '@' => escaped.Append("@\u200B"),
                _ => escaped.Append(c),
            };
        }
        return escaped.ToString();
    }

    private static string EscapeMattermost(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (char c in text)
        {
            // A mention is looked for in the text as it was sent: a backslash would not help there.
            if (c == '@') escaped.Append("@\u200B");
            else if (c is '&') escaped.Append("&amp;");
            else if (c is '<') escaped.Append("&lt;");
            else if (c is '>') escaped.Append("&gt;");
            else if (c is '\\' or '`' or '*' or '_' or '{' or '}' or '[' or ']' or '(' or ')' or '#' or '+' or '!' or '|' or '~') escaped.Append('\\').Append(c);
            else escaped.Append(c);
        }
        return escaped.ToString();
    }
}
