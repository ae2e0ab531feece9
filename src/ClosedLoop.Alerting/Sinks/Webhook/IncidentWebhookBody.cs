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
            NoticeJson.Members(json, safe);
            json.WriteString("text", SafeText.Cut(IncidentText.Render(notice, TextMarkup.Plain, options.Render), 16_000));
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }
}
