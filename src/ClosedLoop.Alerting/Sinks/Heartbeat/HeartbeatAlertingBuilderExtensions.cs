using ClosedLoop.Alerting.Sinks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Alerting;

/// <summary>Lets somebody else watch the watcher.</summary>
public static class HeartbeatAlertingBuilderExtensions
{
    /// <summary>Adds a dead man's switch: the address is called while the engine works.</summary>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and the fix.</exception>
    public static AlertingBuilder AddHeartbeat(this AlertingBuilder alerts, Action<HeartbeatOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(alerts);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new HeartbeatOptions();
        configure(options);
        var problems = new SinkProblems(SinkRegistration.Path("Heartbeat", options.Name), options);
        problems.Address(nameof(options.Url), options.Url, "set the address that the watching service gave you");
        problems.Between(nameof(options.Every), options.Every, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10));
        problems.Between(nameof(options.FreshWithin), options.FreshWithin, TimeSpan.FromSeconds(30), TimeSpan.FromHours(1));
        return SinkRegistration.Add(alerts, options, problems, (services, post) => new HeartbeatSink(options, post, services.GetRequiredService<TimeProvider>()));
    }
}
