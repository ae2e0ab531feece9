using ClosedLoop.Adapters;
using ClosedLoop.Adapters.Health;
using ClosedLoop.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds health checks to ClosedLoop.</summary>
public static class HealthClosedLoopBuilderExtensions
{
    private const string ClientName = "ClosedLoop.Health";

    /// <summary>Adds HTTP and Prometheus checks as writers of <c>healthy</c>. Their options are checked when the host starts.</summary>
    /// <exception cref="Options.OptionsValidationException">At start: an option is missing or wrong; the message names each one and the fix.</exception>
    public static ClosedLoopBuilder AddHealth(this ClosedLoopBuilder loop, Action<HealthOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new HealthOptions();
        configure(options);
        loop.Services.AddHttpClient(ClientName, static http => http.Timeout = Timeout.InfiniteTimeSpan).ConfigurePrimaryHttpMessageHandler(SourceClient.CreateHandler).RemoveAllLoggers();
        return loop.AddAdapter(services => HealthAdapter.Create(options, services.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName), services.GetRequiredService<TimeProvider>()));
    }
}
