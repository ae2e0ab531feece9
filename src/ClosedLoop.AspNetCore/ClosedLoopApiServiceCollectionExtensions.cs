using ClosedLoop.AspNetCore;
using ClosedLoop.AspNetCore.Access;
using ClosedLoop.AspNetCore.Api;
using ClosedLoop.AspNetCore.Api.Incidents;
using ClosedLoop.AspNetCore.Api.Operations;
using ClosedLoop.AspNetCore.Api.Streaming;
using ClosedLoop.AspNetCore.Health;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the HTTP API and the health check of ClosedLoop to a host.</summary>
public static class ClosedLoopApiServiceCollectionExtensions
{
    /// <summary>
    /// Adds what <c>MapClosedLoopApi</c> needs: <c>services.AddClosedLoopApi(o => o.AddWriter("agent:builder-7", "sha256:…"))</c>.
    /// The options are validated at start.
    /// </summary>
    public static IServiceCollection AddClosedLoopApi(this IServiceCollection services, Action<ClosedLoopApiOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<ClosedLoopApiOptions>().ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ClosedLoopApiOptions>, ApiOptionsValidator>());
        services.TryAddSingleton<WriterTokens>();
        services.TryAddSingleton<ApiAccess>();
        services.TryAddSingleton<TransitionStreams>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IApiOperations, ItemReads>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IApiOperations, ItemWrites>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IApiOperations, LogReads>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IApiOperations, IncidentOperations>());
        services.TryAddSingleton<ApiEndpoints>();
        return services;
    }

    /// <summary>
    /// Adds the API with options from configuration: <c>Writers:agent:builder-7</c> = <c>sha256:…</c> (or a list of them),
    /// <c>WriterClaimType</c>, <c>AllowAnonymousReads</c>, <c>MaxBodyBytes</c>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">The section that holds the options, such as <c>configuration.GetSection("ClosedLoop:Api")</c>.</param>
    /// <param name="configure">Changes them further.</param>
    public static IServiceCollection AddClosedLoopApi(this IServiceCollection services, IConfiguration section, Action<ClosedLoopApiOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddClosedLoopApi(options =>
        {
            ApiConfiguration.Apply(section, options);
            configure?.Invoke(options);
        });
    }

    /// <summary>Adds ClosedLoop to the host's health checks: unhealthy when the store cannot be read, degraded while a source is blind.</summary>
    /// <param name="builder">The host's health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">What a store that cannot be read is reported as; the default is unhealthy.</param>
    /// <param name="tags">Tags for filtering.</param>
    public static IHealthChecksBuilder AddClosedLoop(this IHealthChecksBuilder builder, string name = "closedloop", HealthStatus? failureStatus = null, params string[] tags)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddCheck<LoopHealthCheck>(name, failureStatus, tags);
    }
}
