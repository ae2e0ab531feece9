using ClosedLoop.Alerting.Sinks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Alerting;

/// <summary>Pages people through PagerDuty.</summary>
public static class PagerDutyAlertingBuilderExtensions
{
    /// <summary>Adds one PagerDuty service (Events API v2).</summary>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and the fix.</exception>
    public static AlertingBuilder AddPagerDuty(this AlertingBuilder alerts, Action<PagerDutyOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(alerts);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new PagerDutyOptions();
        configure(options);
        return SinkRegistration.Add(alerts, options, PagerDutyOptionsRules.Check(options), (_, post) => new PagerDutySink(options, post));
    }

    /// <summary>Makes <see cref="PagerDutyChangeEvents"/> a service, for code that tells PagerDuty what was merged or deployed.</summary>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and the fix.</exception>
    public static AlertingBuilder AddPagerDutyChangeEvents(this AlertingBuilder alerts, Action<PagerDutyOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(alerts);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new PagerDutyOptions { Name = "pagerduty-change-events" };
        configure(options);
        var problems = PagerDutyOptionsRules.Check(options, "PagerDutyChangeEvents");
        string client = SinkRegistration.AddClient(alerts, options, problems);
        alerts.Services.AddSingleton(services => new PagerDutyChangeEvents(options, SinkRegistration.Post(services, client, problems.Path, options.Timeout)));
        return alerts;
    }
}
