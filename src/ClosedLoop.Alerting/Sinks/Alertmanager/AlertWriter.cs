using System.Globalization;
using System.Text.Json;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>
/// Writes alerts as Alertmanager's API v2 takes them. What makes an alert the same is its set of labels, so everything that moves while an incident
/// lasts is an annotation.
/// </summary>
internal sealed class AlertWriter(AlertmanagerOptions options)
{
    private const int MaxAnnotation = 2_000;

    public void Incident(Utf8JsonWriter json, IncidentNotice notice, AlertIdentity identity, DateTimeOffset now, DateTimeOffset endsAt)
    {
        json.WriteStartObject();
        json.WriteStartObject("labels");
        json.WriteString("alertname", AlertLabels.Incident);
        Label(json, "cause_kind", notice.CauseKind);
        Label(json, "cause", notice.Cause);
        Label(json, "gate", notice.Gate);
        Label(json, "repository", notice.Repository);
        Label(json, "branch", notice.Branch);
        Label(json, "environment", notice.Environment);
        Label(json, "source", notice.Source);
        json.Text("owner", identity.Owner);
        json.Text("severity", identity.Severity);
        OwnLabels(json);
        json.WriteEndObject();
        json.WriteStartObject("annotations");
        Annotation(json, "title", notice.Title);
        json.Text("summary", options.Render is null ? SafeText.Line(notice.Summary, MaxAnnotation) : SafeText.Cut(IncidentText.Render(notice, TextMarkup.Plain, options.Render), MaxAnnotation));
        Annotation(json, "next_action", notice.NextAction);
        Annotation(json, "severity", notice.Severity.ToString().ToLowerInvariant());
        Annotation(json, "count", notice.Count.ToString(CultureInfo.InvariantCulture));
        Annotation(json, "oldest_item", notice.OldestItemId is { Length: > 0 } id ? notice.OldestItemTitle is { Length: > 0 } title ? $"{SafeText.Line(id, 100)} ({SafeText.Line(title, 200)})" : id : null);
        Annotation(json, "priority", notice.Priority);
        Annotation(json, "since", Time(notice.Since));
        Annotation(json, "acknowledged_by", notice.Kind == IncidentNoticeKind.Acknowledged ? notice.By : null);
        Annotation(json, "incident", notice.IncidentId);
        Annotation(json, "runbook", Runbook(notice)?.AbsoluteUri);
        json.WriteEndObject();
        // Begins before it ends: a source's clock may be ahead.
        Times(json, notice.Since < endsAt && notice.Since <= now ? notice.Since : now, endsAt);
        json.Text("generatorURL", IncidentText.WebLink(notice.Evidence)?.AbsoluteUri);
        json.WriteEndObject();
    }

    public void Watchdog(Utf8JsonWriter json, Pulse pulse, DateTimeOffset now, DateTimeOffset endsAt)
    {
        json.WriteStartObject();
        json.WriteStartObject("labels");
        json.WriteString("alertname", AlertLabels.Watchdog);
        Label(json, "source", pulse.Source);
        OwnLabels(json);
        json.WriteEndObject();
        json.WriteStartObject("annotations");
        Annotation(json, "summary", "Always fires while ClosedLoop is alive. Worry when it stops.");
        Annotation(json, "at", Time(pulse.At));
        Annotation(json, "last_good_poll", pulse.LastGoodPollAt is { } good ? Time(good) : null);
        Annotation(json, "blind_since", pulse.BlindSince is { } blind ? Time(blind) : null);
        Annotation(json, "lag_seconds", pulse.Lag?.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture));
        Annotation(json, "cursor", pulse.Cursor);
        json.WriteEndObject();
        Times(json, pulse.At <= now ? pulse.At : now, endsAt);
        json.WriteEndObject();
    }

    private void OwnLabels(Utf8JsonWriter json)
    {
        foreach (var (name, value) in options.Labels) Label(json, name, value);
    }

    private Uri? Runbook(IncidentNotice notice)
    {
        try
        {
            return IncidentText.WebLink(options.Runbook?.Invoke(notice));
        }
        catch (Exception)
        {
            // The team's own code: an alert without its page is better than none.
            return null;
        }
    }

    private static void Times(Utf8JsonWriter json, DateTimeOffset startsAt, DateTimeOffset endsAt)
    {
        json.WriteString("startsAt", Time(startsAt));
        json.WriteString("endsAt", Time(endsAt));
    }

    private static void Label(Utf8JsonWriter json, string name, string? value) => json.Text(name, AlertLabels.Value(value));

    private static void Annotation(Utf8JsonWriter json, string name, string? value) => json.Text(name, SafeText.Line(value, MaxAnnotation));

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
