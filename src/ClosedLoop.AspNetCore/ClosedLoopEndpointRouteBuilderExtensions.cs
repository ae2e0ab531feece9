using System.Diagnostics.CodeAnalysis;
using ClosedLoop.AspNetCore.Api;
using ClosedLoop.AspNetCore.Health;
using ClosedLoop.AspNetCore.Metrics;
using ClosedLoop.AspNetCore.Problems;
using ClosedLoop.AspNetCore.Webhooks;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the addresses of ClosedLoop. Rate limits, TLS and further authorization are the host's: add them to the returned builder.</summary>
public static class ClosedLoopEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps webhooks: <c>POST {prefix}/{adapter}</c>, such as <c>/hooks/github</c>. Each delivery is authenticated by its adapter, so
    /// a host that requires signed-in users everywhere adds <c>.AllowAnonymous()</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">ClosedLoop was not added, or an adapter is configured wrongly; the message says which and how to fix it.</exception>
    public static IEndpointConventionBuilder MapClosedLoopWebhooks(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string prefix = "/hooks")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        var endpoint = new WebhookEndpoint(Required<IWebhookReceiver>(services, "AddClosedLoop(…)"), services.GetRequiredService<TimeProvider>());
        var group = endpoints.MapGroup(prefix);
        group.Map($"/{{{WebhookEndpoint.SourceParameter}}}", SafeEndpoint.Of(services.GetRequiredService<ILogger<WebhookEndpoint>>(), endpoint.ReceiveAsync));
        return group;
    }

    /// <summary>
    /// Maps the HTTP API: items, their facts, links, transitions and diagrams, the board, and what was quarantined.
    /// Writers authenticate as <see cref="ClosedLoop.AspNetCore.ClosedLoopApiOptions"/> says.
    /// </summary>
    /// <exception cref="InvalidOperationException">ClosedLoop or its API was not added; the message says how.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is wrong; the message names it and the fix.</exception>
    public static IEndpointConventionBuilder MapClosedLoopApi(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string prefix = "/api")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        Required<ILoopQueries>(endpoints.ServiceProvider, "AddClosedLoop(…)");
        var api = Required<ApiEndpoints>(endpoints.ServiceProvider, "AddClosedLoopApi(…)");
        var group = endpoints.MapGroup(prefix);
        api.Map(group);
        return group;
    }

    /// <summary>
    /// Maps a health address for probes of the platform: 200 while the store can be read, also when sources are blind (degraded);
    /// 503 when it cannot. It tells names of sources and times, nothing else.
    /// </summary>
    /// <exception cref="InvalidOperationException">ClosedLoop was not added.</exception>
    public static IEndpointConventionBuilder MapClosedLoopHealth(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/healthz")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        var queries = Required<ILoopQueries>(services, "AddClosedLoop(…)");
        var time = services.GetRequiredService<TimeProvider>();
        return endpoints.MapMethods(pattern, ["GET", "HEAD"], SafeEndpoint.Of(services.GetRequiredService<ILogger<LoopHealthCheck>>(), async context =>
        {
            var health = await LoopHealth.ReadAsync(queries, time, context.RequestAborted).ConfigureAwait(false);
            return new JsonAnswer<HealthBody>(health.Store == "reachable" ? 200 : 503, health, ApiJson.Default.HealthBody);
        }));
    }

    /// <summary>
    /// Maps an address that Prometheus scrapes: the instruments of this process, and gauges that are read from the record, at most once a second. Who may
    /// read the API may scrape; give Prometheus a token of a writer that no gate accepts, such as <c>metrics:prometheus</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">ClosedLoop or its API was not added; the message says how.</exception>
    public static IEndpointConventionBuilder MapClosedLoopMetrics(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/metrics")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        Required<ILoopQueries>(services, "AddClosedLoop(…)");
        var metrics = Required<MetricsEndpoint>(services, "AddClosedLoopApi(…)");
        return endpoints.MapMethods(pattern, ["GET", "HEAD"], SafeEndpoint.Of(services.GetRequiredService<ILogger<MetricsEndpoint>>(), metrics.ScrapeAsync));
    }

    private static T Required<T>(IServiceProvider services, string call)
        where T : class => services.GetService<T>() ?? throw new InvalidOperationException($"ClosedLoop cannot be mapped: call builder.Services.{call} first.");
}
