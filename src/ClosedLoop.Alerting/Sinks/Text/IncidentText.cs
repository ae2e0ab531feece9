using System.Globalization;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>
/// The default texts of incidents: what is stuck, since when, how many wait and which is the oldest, who is to act, what unblocks it, and where to look.
/// Whatever a source wrote is made harmless: no markup, no mentions, no terminal escapes, no turned reading direction, no second line. Pure and
/// safe from several threads.
/// </summary>
public static class IncidentText
{
    private const int MaxLine = 10_000;

    /// <summary>State, severity and title in one plain line: <c>FIRING (error): main-ci is red on acme/web main</c>.</summary>
    public static string Headline(IncidentNotice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        return Headline(TextMarkup.Plain.Apply(notice), TextMarkup.Plain);
    }

    /// <summary>The whole text without markup, several lines.</summary>
    public static string Plain(IncidentNotice notice) => Text(notice, TextMarkup.Plain);

    /// <summary>The whole text in Slack's mrkdwn, several lines.</summary>
    public static string Slack(IncidentNotice notice) => Text(notice, TextMarkup.Slack);

    /// <summary>The whole text in Mattermost's Markdown, several lines.</summary>
    public static string Mattermost(IncidentNotice notice) => Text(notice, TextMarkup.Mattermost);

    /// <summary>One printable line without terminal escapes, invisible and direction-turning characters; cut at 10,000 characters.</summary>
    public static string EscapePlain(string text) => SafeText.Line(text, MaxLine);

    /// <summary>As <see cref="EscapePlain"/>, and nothing of it is markup or a mention in Slack.</summary>
    public static string EscapeSlack(string text) => TextMarkup.Slack.Escape(SafeText.Line(text, MaxLine));

    /// <summary>As <see cref="EscapePlain"/>, and nothing of it is markup or a mention in Mattermost.</summary>
    public static string EscapeMattermost(string text) => TextMarkup.Mattermost.Escape(SafeText.Line(text, MaxLine));

    /// <summary>A span in its two largest units: <c>2 h 5 min</c>. Below a minute: <c>less than a minute</c>.</summary>
    public static string Age(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => "less than a minute",
        { TotalHours: < 1 } => Invariant($"{span.Minutes} min"),
        { TotalDays: < 1 } => span.Minutes == 0 ? Invariant($"{span.Hours} h") : Invariant($"{span.Hours} h {span.Minutes} min"),
        _ => span.Hours == 0 ? Invariant($"{(int)span.TotalDays} d") : Invariant($"{(int)span.TotalDays} d {span.Hours} h"),
    };

    /// <summary>The address when it is one of the web, short enough and without a user's name in it; null otherwise.</summary>
    internal static Uri? WebLink(Uri? address) =>
        address is { IsAbsoluteUri: true, UserInfo: "" } && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp) && address.AbsoluteUri.Length <= 1_000 ? address : null;

    /// <summary>The team's text for a notice that was made harmless for the receiver, or the default one when it has none, or when its template fails.</summary>
    internal static string Render(IncidentNotice notice, TextMarkup markup, Func<IncidentNotice, string>? template)
    {
        if (template is null) return Text(notice, markup);
        try
        {
            if (template(markup.Apply(notice)) is { } text && !string.IsNullOrWhiteSpace(text)) return text;
        }
        catch (Exception e)
        {
            // An alert with another text than wished for is better than none.
            return Text(notice, markup) + "\n" + markup.Escape($"(the template failed: {e.GetType().Name})");
        }
        return Text(notice, markup);
    }

    internal static string Headline(IncidentNotice safe, TextMarkup markup) => $"{State(safe)}: {markup.Strong(safe.Title)}";

    private static string Text(IncidentNotice notice, TextMarkup markup)
    {
        ArgumentNullException.ThrowIfNull(notice);
        var safe = markup.Apply(notice);
        return string.Join('\n', Lines(safe, markup).Prepend(Headline(safe, markup)));
    }

    internal static IEnumerable<string> Lines(IncidentNotice safe, TextMarkup markup)
    {
        bool over = safe.Kind == IncidentNoticeKind.Resolved;
        if (safe.Summary.Length > 0) yield return safe.Summary;
        string age = Age(safe.At - safe.Since);
        yield return Invariant($"Since {safe.Since.UtcDateTime:yyyy-MM-dd HH:mm} UTC ({age})");
        if (!over && Waiting(safe) is { } waiting) yield return waiting;
        string owner = safe.Owner is { Length: > 0 } named ? markup.Strong(named) : "nobody is named";
        yield return safe.Gate is { Length: > 0 } gate ? $"Owner of {gate}: {owner}" : $"Owner: {owner}";
        if (!over && safe.NextAction.Length > 0) yield return $"Next: {safe.NextAction}";
        if (safe.Evidence is { } evidence) yield return markup.Link(evidence, "Evidence");
    }

    private static string? Waiting(IncidentNotice safe)
    {
        if (safe.Count <= 0) return null;
        string waiting = safe.Count == 1 ? "1 item waits" : Invariant($"{safe.Count} items wait");
        if (safe.OldestItemId is not { Length: > 0 } oldest) return waiting;
        string titled = safe.OldestItemTitle is { Length: > 0 } title ? $"{oldest} ({title})" : oldest;
        return safe.Count == 1 ? $"{waiting}: {titled}" : $"{waiting}, the oldest is {titled}";
    }

    private static string State(IncidentNotice safe)
    {
        string severity = safe.Severity.ToString().ToLowerInvariant();
        return safe.Kind switch
        {
            IncidentNoticeKind.Fired => $"FIRING ({severity})",
            IncidentNoticeKind.Repeated => $"STILL FIRING ({severity})",
            IncidentNoticeKind.Escalated => $"ESCALATED ({severity})",
            IncidentNoticeKind.Acknowledged => safe.By is { Length: > 0 } by ? $"ACKNOWLEDGED by {by} ({severity})" : $"ACKNOWLEDGED ({severity})",
            IncidentNoticeKind.Resolved => safe.By is { Length: > 0 } by ? $"RESOLVED by {by}" : "RESOLVED",
            _ => throw new ArgumentOutOfRangeException(nameof(safe), safe.Kind, "No such kind of notice."),
        };
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
