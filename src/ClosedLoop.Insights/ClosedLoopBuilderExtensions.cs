using ClosedLoop.Hosting;
using ClosedLoop.Insights.Flow;
using ClosedLoop.Insights.Flow.RollUp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Insights;

/// <summary>Adds insights to ClosedLoop.</summary>
public static class ClosedLoopBuilderExtensions
{
    /// <summary>
    /// Rolls up how work flows, behind the transition log: <c>loop.AddInsights(o => o.TargetMergesPerWeek = 500)</c>. Inject <see cref="IFlow"/> to read the report. Several calls
    /// add up; the last value of an option counts.
    /// </summary>
    public static ClosedLoopBuilder AddInsights(this ClosedLoopBuilder builder, Action<InsightsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptions<InsightsOptions>();
        if (configure is not null) options.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<InsightsOptions>, InsightsOptionsValidator>());
        if (services.Any(static s => s.ServiceType == typeof(RollUpPass))) return builder;
        services.AddSingleton<RollUpPass>();
        services.AddSingleton<IClockWork>(static s => s.GetRequiredService<RollUpPass>());
        services.AddSingleton<FlowReader>();
        services.AddSingleton<IFlow>(static s => s.GetRequiredService<FlowReader>());
        return builder;
    }
}
