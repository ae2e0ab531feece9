using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Writes events as PagerDuty's Events API v2 takes them; the cuts keep one far below the 512 KB that it takes.</summary>
internal static class PagerDutyEvent
{
    private const int MaxSummary = 1_024;
    private const int MaxKey = 255;

    /// <summary>
    /// The alert that the event is of. Each episode has its own: a resolve that PagerDuty works off late can not end the alert of an incident that has
    /// fired again meanwhile.
    /// </summary>
    public static string DedupKey(IncidentNotice notice)
    {
        string key = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"closedloop/{notice.IncidentId}/{notice.Episode}");
        return key.Length <= MaxKey ? key : "closedloop/" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    public static byte[] Write(IncidentNotice notice, PagerDutyOptions options) => JsonBody.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("routing_key", options.RoutingKey);
        json.WriteString("event_action", Action(notice.Kind));
        json.WriteString("dedup_key", DedupKey(notice));
        if (Action(notice.Kind) == "trigger")
        {
            Payload(json, notice, options);
            if (IncidentText.WebLink(notice.Evidence) is { } evidence) Link(json, evidence, "Evidence");
            json.Text("client", SafeText.Line(options.Client, 255));
            json.Text("client_url", options.ClientUrl?.AbsoluteUri);
        }
        json.WriteEndObject();
    });

    public static void Link(Utf8JsonWriter json, Uri address, string words)
    {
        json.WriteStartArray("links");
        json.WriteStartObject();
        json.WriteString("href", address.AbsoluteUri);
        json.WriteString("text", words);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static string Action(IncidentNoticeKind kind) => kind switch
    {
        IncidentNoticeKind.Fired or IncidentNoticeKind.Repeated or IncidentNoticeKind.Escalated => "trigger",
        IncidentNoticeKind.Acknowledged => "acknowledge",
        IncidentNoticeKind.Resolved => "resolve",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of notice."),
    };

    private static void Payload(Utf8JsonWriter json, IncidentNotice notice, PagerDutyOptions options)
    {
        var safe = TextMarkup.Plain.Apply(notice);
        json.WriteStartObject("payload");
        string summary = options.Render is null ? $"{safe.Title}: {safe.Summary}" : IncidentText.Render(notice, TextMarkup.Plain, options.Render);
        json.WriteString("summary", SafeText.Line(summary, MaxSummary));
        json.WriteString("source", safe.Source ?? safe.Repository ?? safe.Environment ?? SafeText.Line(options.Source, 255));
        json.WriteString("severity", Severity(notice.Severity));
        json.WriteString("timestamp", safe.Since.UtcDateTime);
        json.Text("component", safe.Gate ?? safe.Source);
        json.Text("group", safe.Repository ?? safe.Environment);
        json.Text("class", safe.CauseKind);
        json.WriteStartObject("custom_details");
        json.Text("cause", safe.Cause);
        json.Text("next_action", safe.NextAction);
        json.WriteNumber("count", safe.Count);
        json.Text("oldest_item", safe.OldestItemId);
        json.Text("oldest_item_title", safe.OldestItemTitle);
        json.WriteStartArray("items");
        foreach (string item in safe.Items) json.WriteStringValue(item);
        json.WriteEndArray();
        json.Text("owner", safe.Owner);
        json.Text("priority", safe.Priority);
        json.Text("branch", safe.Branch);
        json.Text("environment", safe.Environment);
        json.WriteString("since", safe.Since.UtcDateTime);
        json.WriteString("notice", notice.IdempotencyKey);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Severity(IncidentSeverity severity) => severity switch
    {
        IncidentSeverity.Warning => "warning",
        IncidentSeverity.Error => "error",
        IncidentSeverity.Critical => "critical",
        _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, "No such severity."),
    };
}
