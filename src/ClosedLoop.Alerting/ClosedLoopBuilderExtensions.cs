using ClosedLoop.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Alerting;

/// <summary>Adds incidents to ClosedLoop.</summary>
public static class ClosedLoopBuilderExtensions
{
    /// <summary>
    /// Groups what is overdue, red, blind or stuck into one incident for each cause and tells the sinks: <c>loop.AddAlerting(alerts =>
    /// alerts.AddSlack(o => …))</c>. Single items are then no longer told to the sinks that Core has. Several calls add up.
    /// </summary>
    public static ClosedLoopBuilder AddAlerting(this ClosedLoopBuilder builder, Action<AlertingBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<AlertingOptions>();
        var alerts = new AlertingBuilder(builder.Services).AddLog();
        configure?.Invoke(alerts);
        return builder;
    }
}
