using System.Text.Json;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>A notice's members as they are posted: documented, and they stay. What is not known is null.</summary>
internal static class NoticeJson
{
    /// <param name="json">Stands within an object.</param>
    /// <param name="safe">The notice, with its texts made harmless.</param>
    public static void Members(Utf8JsonWriter json, IncidentNotice safe)
    {
        json.WriteString("key", safe.IdempotencyKey);
        json.WriteString("incident", safe.IncidentId);
        json.WriteNumber("episode", safe.Episode);
        json.WriteNumber("number", safe.Number);
        json.WriteString("severity", safe.Severity.ToString().ToLowerInvariant());
        json.WriteString("cause", safe.Cause);
        json.WriteString("cause_kind", safe.CauseKind);
        json.WriteString("title", safe.Title);
        json.WriteString("summary", safe.Summary);
        json.WriteString("next_action", safe.NextAction);
        json.WriteString("since", safe.Since.UtcDateTime);
        json.WriteNumber("count", safe.Count);
        json.WriteString("oldest_item", safe.OldestItemId);
        json.WriteString("oldest_item_title", safe.OldestItemTitle);
        json.WriteStartArray("items");
        foreach (string item in safe.Items) json.WriteStringValue(item);
        json.WriteEndArray();
        json.WriteString("owner", safe.Owner);
        json.WriteString("gate", safe.Gate);
        json.WriteString("repository", safe.Repository);
        json.WriteString("branch", safe.Branch);
        json.WriteString("environment", safe.Environment);
        json.WriteString("source", safe.Source);
        json.WriteString("priority", safe.Priority);
        json.WriteString("evidence", safe.Evidence?.AbsoluteUri);
        json.WriteString("by", safe.By);
        if (safe.NextNoticeBy is { } next) json.WriteString("next_notice_by", next.UtcDateTime);
        else json.WriteNull("next_notice_by");
    }
}
