using ClosedLoop.Alerting.Delivery;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Alerting;

/// <summary>Configures incidents: when they are told, to whom, and through which sinks. Not safe for use by several threads.</summary>
public sealed class AlertingBuilder
{
    internal AlertingBuilder(IServiceCollection services) => Services = services;

    /// <summary>The host's services; extensions register their parts here.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Sets how incidents are judged and repeated.</summary>
    public AlertingBuilder Configure(Action<AlertingOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }

    /// <summary>Adds a sink. Without routes it is told of every incident.</summary>
    public AlertingBuilder AddSink(Func<IServiceProvider, IIncidentSink> create)
    {
        Services.AddSingleton(create);
        return this;
    }
}
