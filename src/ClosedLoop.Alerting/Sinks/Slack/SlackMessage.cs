using System.Text.Json;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Writes messages as Slack takes them.</summary>
internal static class SlackMessage
{
    // A section's text holds 3,000 characters, the fallback's 40,000.
    private const int MaxSection = 3_000;
    private const int MaxFallback = 3_000;

    /// <summary>Writes text and blocks into an object that is begun; the key of the notice is the footer, by which a repetition is told.</summary>
    public static void Write(Utf8JsonWriter json, IncidentNotice notice, SlackOptions options)
    {
        var safe = TextMarkup.Slack.Apply(notice);
        json.WriteString("text", Cut(options.Render is null ? IncidentText.Headline(safe, TextMarkup.Slack) : IncidentText.Render(notice, TextMarkup.Slack, options.Render), MaxFallback));
        json.WriteStartArray("blocks");
        json.WriteStartObject();
        json.WriteString("type", "section");
        json.WritePropertyName("text");
        // A team's own template may call somebody by name.
        Mrkdwn(json, Cut(IncidentText.Render(notice, TextMarkup.Slack, options.Render), MaxSection), verbatim: options.Render is null);
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteString("type", "context");
        json.WriteStartArray("elements");
        Mrkdwn(json, IncidentText.EscapeSlack($"ClosedLoop {notice.IdempotencyKey}"), verbatim: true);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteBoolean("unfurl_links", false);
        json.WriteBoolean("unfurl_media", false);
    }

    /// <summary>Cuts mrkdwn so that neither an entity nor a link is torn.</summary>
    public static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength) return text;
        string cut = SafeText.Cut(text, maxLength)[..^1];
        int open = cut.LastIndexOf('<');
        if (open > cut.LastIndexOf('>')) cut = cut[..open];
        int entity = cut.LastIndexOf('&');
        if (entity >= 0 && entity > cut.LastIndexOf(';')) cut = cut[..entity];
        return cut + "…";
    }

    private static void Mrkdwn(Utf8JsonWriter json, string text, bool verbatim)
    {
        json.WriteStartObject();
        json.WriteString("type", "mrkdwn");
        json.WriteString("text", text);
        json.WriteBoolean("verbatim", verbatim);
        json.WriteEndObject();
    }
}
