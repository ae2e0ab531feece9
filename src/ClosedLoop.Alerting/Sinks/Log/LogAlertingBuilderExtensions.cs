using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Sinks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClosedLoop.Alerting;

/// <summary>Writes incidents to the log.</summary>
internal static class LogAlertingBuilderExtensions
{
    /// <summary>Adds the sink <c>log</c>; a second call changes nothing.</summary>
    public static AlertingBuilder AddLog(this AlertingBuilder alerts)
    {
        alerts.Services.AddLogging();
        alerts.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IIncidentSink, LogIncidentSink>());
        return alerts;
    }
}
