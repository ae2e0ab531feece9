using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Evaluation;
using ClosedLoop.Alerting.HandOffs;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Alerting.Watchdog;
using ClosedLoop.Deadlines;
using ClosedLoop.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Alerting;

/// <summary>Adds incidents to ClosedLoop.</summary>
public static class ClosedLoopBuilderExtensions
{
    /// <summary>
    /// Groups what is overdue, red, blind or stuck into one incident for each cause and tells the sinks: <c>loop.AddAlerting(alerts =>
    /// alerts.AddSlack(o => …))</c>. Single items are then no longer told to the sinks that Core has. Several calls add up.
    /// Inject <see cref="IIncidents"/> to read incidents and to acknowledge, silence or close them.
    /// </summary>
    /// <exception cref="InvalidOperationException">An option of a sink is missing or wrong; the message names it and the fix.</exception>
    public static ClosedLoopBuilder AddAlerting(this ClosedLoopBuilder builder, Action<AlertingBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        bool isFirst = services.All(static s => s.ServiceType != typeof(AlertPass));
        var alerts = new AlertingBuilder(services);
        if (isFirst) alerts.AddLog();
        configure?.Invoke(alerts);
        if (!isFirst) return builder;
        services.AddOptions<AlertingOptions>();
        services.AddSingleton<IValidateOptions<AlertingOptions>, AlertingOptionsValidator>();
        services.AddSingleton<HoldupReader>();
        services.AddSingleton<CauseWatch>();
        services.AddSingleton<PulseTaker>();
        services.AddSingleton<AlertPass>();
        services.AddSingleton<IncidentBook>();
        services.AddSingleton<IIncidents>(static s => s.GetRequiredService<IncidentBook>());
        services.AddSingleton<IClockWork>(static s => s.GetRequiredService<AlertPass>());
        services.AddSingleton<IClockWork, StandingRefreshes>();
        services.RemoveAll<OverdueHandling>();
        services.AddSingleton(new OverdueHandling(TellsSinks: false, AlertPass.Wake));
        return builder;
    }
}
