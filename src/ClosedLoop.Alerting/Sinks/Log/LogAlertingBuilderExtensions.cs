using ClosedLoop.Alerting.Sinks;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Alerting;

/// <summary>Writes incidents to the log.</summary>
internal static class LogAlertingBuilderExtensions
{
    /// <summary>Adds the sink <c>log</c>; a second call changes nothing.</summary>
    public static AlertingBuilder AddLog(this AlertingBuilder alerts)
    {
        alerts.Services.AddLogging();
        if (alerts.Services.Any(static s => s.ServiceType == typeof(LogIncidentSink))) return alerts;
        alerts.Services.AddSingleton<LogIncidentSink>();
        return alerts.AddSink(static s => s.GetRequiredService<LogIncidentSink>());
    }
}
