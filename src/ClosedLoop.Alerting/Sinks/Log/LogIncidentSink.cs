using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Writes incidents to the log, at the level of their severity. Every host has it: an incident is never told to nobody.</summary>
internal sealed partial class LogIncidentSink(ILogger<LogIncidentSink> logger) : IIncidentSink
{
    public const string SinkName = "log";

    public string Name => SinkName;

    public ValueTask<string?> DeliverAsync(IncidentNotice notice, string? handle, CancellationToken cancellationToken)
    {
        var level = Level(notice);
        if (logger.IsEnabled(level)) Write(level, TextMarkup.Plain.Apply(notice), notice.IdempotencyKey);
        return ValueTask.FromResult<string?>(null);
    }

    private void Write(LogLevel level, IncidentNotice safe, string key)
    {
        string headline = IncidentText.Headline(safe, TextMarkup.Plain);
        Log(logger, level, headline, safe.Summary, safe.NextAction, safe.Owner, safe.Cause, safe.Count, safe.OldestItemId, safe.Since, safe.Severity, safe.Kind, key);
    }

    private static LogLevel Level(IncidentNotice notice) => notice switch
    {
        { Kind: IncidentNoticeKind.Resolved or IncidentNoticeKind.Acknowledged } => LogLevel.Information,
        { Severity: IncidentSeverity.Critical } => LogLevel.Critical,
        { Severity: IncidentSeverity.Error } => LogLevel.Error,
        _ => LogLevel.Warning,
    };

    [LoggerMessage(EventId = 90, Message = "{Headline}. {Summary} Next: {NextAction} (owner {Owner}, cause {Cause}, {Count} items, oldest {OldestItem}, since {Since}, {Severity}, {NoticeKind}, {NoticeKey})")]
    private static partial void Log(ILogger logger, LogLevel level, string headline, string summary, string nextAction, string? owner, string cause, int count, string? oldestItem, DateTimeOffset since, IncidentSeverity severity, IncidentNoticeKind noticeKind, string noticeKey);
}
