using Microsoft.Extensions.Logging;

namespace ClosedLoop.Outbox;

/// <summary>Writes notifications to the log, as warnings.</summary>
internal sealed partial class LogSink(ILogger<LogSink> logger) : INotificationSink
{
    public string Name => "log";

    public ValueTask DeliverAsync(Notification notification, CancellationToken cancellationToken)
    {
        Log(logger, notification.ItemId, notification.Summary);
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(30, LogLevel.Warning, "{ItemId}: {Summary}")]
    private static partial void Log(ILogger logger, string itemId, string summary);
}
