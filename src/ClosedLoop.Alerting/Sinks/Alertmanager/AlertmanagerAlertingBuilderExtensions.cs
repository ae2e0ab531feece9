using ClosedLoop.Alerting.Sinks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Alerting;

/// <summary>Tells Alertmanager of incidents.</summary>
public static class AlertmanagerAlertingBuilderExtensions
{
    /// <summary>Adds the replicas of one Alertmanager (API v2). They are told of each notice at once, and of all that fires, with the watchdog, again and again.</summary>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and the fix.</exception>
    public static AlertingBuilder AddAlertmanager(this AlertingBuilder alerts, Action<AlertmanagerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(alerts);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new AlertmanagerOptions();
        configure(options);
        return SinkRegistration.Add(alerts, options, AlertmanagerOptionsRules.Check(options), (services, post) => new AlertmanagerSink(options, post, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<AlertmanagerSink>>()));
    }
}
