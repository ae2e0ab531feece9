using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.HandOffs;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Outbox;
using ClosedLoop.Storage;
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
        ArgumentNullException.ThrowIfNull(create);
        // One sink, asked for as itself and by the outbox.
        var key = new object();
        Services.AddKeyedSingleton(key, (s, _) => create(s));
        Services.AddSingleton(s => s.GetRequiredKeyedService<IIncidentSink>(key));
        Services.AddSingleton<IOutboxConsumer>(s => new IncidentConsumer(s.GetRequiredKeyedService<IIncidentSink>(key), s.GetRequiredService<ILoopStore>(), s.GetRequiredService<TimeProvider>()));
        return this;
    }

    /// <summary>Offers incidents to an agent runtime in this process before people are told.</summary>
    /// <exception cref="InvalidOperationException">An option is missing or wrong; the message names it and the fix.</exception>
    public AlertingBuilder AddHandOff(Action<HandOffOptions> configure, Func<HandOffOffer, CancellationToken, ValueTask<HandOffReply>> offer)
    {
        ArgumentNullException.ThrowIfNull(offer);
        return AddHandOff(configure, _ => new CallbackHandOff(offer));
    }

    /// <summary>Offers incidents to an agent runtime before people are told. The first hand-off that matches an incident gets it.</summary>
    /// <exception cref="InvalidOperationException">An option is missing or wrong; the message names it and the fix.</exception>
    public AlertingBuilder AddHandOff(Action<HandOffOptions> configure, Func<IServiceProvider, IAgentHandOff> create)
    {
        ArgumentNullException.ThrowIfNull(configure);
        ArgumentNullException.ThrowIfNull(create);
        var options = new HandOffOptions();
        configure(options);
        return AddHandOff(options.Validate(), create);
    }

    internal AlertingBuilder AddHandOff(HandOffRule rule, Func<IServiceProvider, IAgentHandOff> create)
    {
        Services.AddSingleton(rule);
        return AddSink(s => new HandOffSink(rule, create(s), new Lazy<IClosedLoop>(s.GetRequiredService<IClosedLoop>), s.GetRequiredService<ILoopStore>(), new Lazy<IIncidents>(s.GetRequiredService<IIncidents>)));
    }
}
