using System.Text.Json;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Writes messages as Mattermost takes them: the headline, and the rest beside a bar in the colour of the severity.</summary>
internal static class MattermostMessage
{
    private const int MaxMessage = 16_383;

    /// <summary>The message's text: the headline, or what the team's template wrote.</summary>
    public static string Text(IncidentNotice notice, MattermostOptions options) => options.Render is null
        ? IncidentText.Headline(TextMarkup.Mattermost.Apply(notice), TextMarkup.Mattermost)
        : SafeText.Cut(IncidentText.Render(notice, TextMarkup.Mattermost, options.Render), MaxMessage);

    /// <summary>Writes the member <c>attachments</c>; the key of the notice is the footer, by which a repetition is told.</summary>
    public static void Attachments(Utf8JsonWriter json, IncidentNotice notice, MattermostOptions options)
    {
        var safe = TextMarkup.Mattermost.Apply(notice);
        json.WriteStartArray("attachments");
        json.WriteStartObject();
        json.WriteString("fallback", IncidentText.Headline(notice));
        json.WriteString("color", Colour(notice));
        if (options.Render is null) json.WriteString("text", SafeText.Cut(string.Join('\n', IncidentText.Lines(safe, TextMarkup.Mattermost)), MaxMessage));
        json.WriteString("footer", SafeText.Line($"ClosedLoop {notice.IdempotencyKey}", 300));
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static string Colour(IncidentNotice notice) => notice switch
    {
        { Kind: IncidentNoticeKind.Resolved } => "#2e9e5b",
        { Kind: IncidentNoticeKind.Acknowledged } => "#3a77c9",
        { Severity: IncidentSeverity.Critical } => "#a30f0f",
        { Severity: IncidentSeverity.Error } => "#d9534f",
        _ => "#e0a030",
    };
}
