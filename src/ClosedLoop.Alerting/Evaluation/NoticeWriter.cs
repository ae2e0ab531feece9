using System.Globalization;
using System.Text.Json;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Alerting.Sinks;
using ClosedLoop.Storage;

namespace ClosedLoop.Alerting.Evaluation;

/// <summary>Makes of a decision the messages to the sinks that are to hear of it. Pure.</summary>
internal static class NoticeWriter
{
    /// <summary>Numbers the notice, and adds a message for each of the sinks.</summary>
    public static Incident Send(Incident incident, IncidentNoticeKind kind, IEnumerable<string> sinks, AlertingOptions options, DateTimeOffset now, List<OutboxMessage> outbox)
    {
        incident = incident with { Notices = incident.Notices + 1 };
        var notice = Notice(incident, kind, options, now);
        var sent = incident.Sent.ToBuilder();
        foreach (string sink in sinks)
        {
            string body = JsonSerializer.Serialize(new NoticeEnvelope(notice, sent.GetValueOrDefault(sink)), AlertingJson.Default.NoticeEnvelope);
            outbox.Add(new OutboxMessage(string.Create(CultureInfo.InvariantCulture, $"{notice.IdempotencyKey}:{sink}"), IncidentConsumer.Prefix + sink, body, now));
            sent[sink] = notice.Number;
        }
        return incident with { Sent = sent.ToImmutable() };
    }

    public static IncidentNotice Notice(Incident incident, IncidentNoticeKind kind, AlertingOptions options, DateTimeOffset now) => new()
    {
        IncidentId = incident.Id,
        Episode = incident.Episode,
        Number = incident.Notices,
        Kind = kind,
        Cause = incident.Cause,
        CauseKind = incident.CauseKind,
        Severity = incident.Severity,
        Title = incident.Title,
        Summary = incident.Summary,
        NextAction = incident.NextAction,
        Since = incident.Since,
        At = now,
        Count = incident.Count,
        OldestItemId = incident.OldestItemId,
        OldestItemTitle = incident.OldestItemTitle,
        Items = incident.Items,
        Owner = incident.Owner,
        Gate = incident.Gate,
        Repository = incident.Repository,
        Branch = incident.Branch,
        Environment = incident.Environment,
        Source = incident.Source,
        Priority = incident.Priority,
        Evidence = incident.Evidence,
        By = incident.By,
        NextNoticeBy = incident.State == IncidentState.Firing ? now + SeverityRule.RepeatEvery(incident.Severity, options) : null,
    };

    /// <summary>The sinks that a notice goes to: by the routes; the end of an incident goes to all that heard of it this time.</summary>
    public static IEnumerable<string> SinksOf(Incident incident, IncidentNoticeKind kind, AlertingOptions options, IReadOnlyCollection<string> all)
    {
        if (kind == IncidentNoticeKind.Resolved) return incident.Sent.Where(s => s.Value > incident.EarlierNotices).Select(static s => s.Key).ToList();
        if (options.Routes.Count == 0) return all;
        // The log hears of everything: it disturbs nobody.
        return options.Routes.Where(route => route.Matches(incident)).SelectMany(static route => route.Sinks).Append(LogIncidentSink.SinkName).Distinct(StringComparer.Ordinal).ToList();
    }
}
