using System.Text.Json;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>The JSON that is posted. Its members are documented and stay; new ones may come. What is not known is null.</summary>
internal static class IncidentWebhookBody
{
    public static byte[] Write(IncidentNotice notice, IncidentWebhookOptions options)
    {
        var safe = TextMarkup.Plain.Apply(notice);
        return JsonBody.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "incident." + notice.Kind.ToString().ToLowerInvariant());
            json.WriteString("timestamp", notice.At.UtcDateTime);
            json.WriteStartObject("data");
            json.WriteString("key", notice.IdempotencyKey);
            json.WriteString("incident", notice.IncidentId);
            json.WriteNumber("episode", notice.Episode);
            json.WriteNumber("number", notice.Number);
            json.WriteString("severity", notice.Severity.ToString().ToLowerInvariant());
            json.WriteString("cause", safe.Cause);
            json.WriteString("cause_kind", safe.CauseKind);
            json.WriteString("title", safe.Title);
            json.WriteString("summary", safe.Summary);
            json.WriteString("next_action", safe.NextAction);
            json.WriteString("since", notice.Since.UtcDateTime);
            json.WriteNumber("count", notice.Count);
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
            if (notice.NextNoticeBy is { } next) json.WriteString("next_notice_by", next.UtcDateTime);
            else json.WriteNull("next_notice_by");
            json.WriteString("text", SafeText.Cut(IncidentText.Render(notice, TextMarkup.Plain, options.Render), 16_000));
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }
}
