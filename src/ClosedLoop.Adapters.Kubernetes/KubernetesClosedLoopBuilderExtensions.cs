using ClosedLoop.Adapters.Kubernetes;
using ClosedLoop.Adapters.Kubernetes.Actions;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Kubernetes clusters to ClosedLoop.</summary>
public static class KubernetesClosedLoopBuilderExtensions
{
    /// <summary>
    /// Adds a cluster as a writer of <c>rolled-out</c> and <c>healthy</c>. Its options are checked when the host starts. Several clusters
    /// need a <see cref="KubernetesOptions.Name"/> each. With <see cref="KubernetesOptions.AllowRollback"/> it also adds
    /// <see cref="KubernetesRollback"/>, by the cluster's name as key, and the first one without a key; with <see cref="KubernetesOptions.Watch"/>
    /// a background service that watches the workloads.
    /// </summary>
    /// <exception cref="Options.OptionsValidationException">At start: an option is missing or wrong; the message names each one and the fix.</exception>
    public static ClosedLoopBuilder AddKubernetes(this ClosedLoopBuilder loop, Action<KubernetesOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new KubernetesOptions();
        configure(options);
        string client = $"ClosedLoop.Kubernetes.{options.Name}";
        loop.Services.AddHttpClient(client, static http => http.Timeout = Timeout.InfiniteTimeSpan).ConfigurePrimaryHttpMessageHandler(() => KubernetesAdapter.CreateHandler(options)).RemoveAllLoggers();
        if (options.AllowRollback)
        {
            loop.Services.AddKeyedSingleton(options.Name, (services, _) => KubernetesAdapter.CreateRollback(options, Http(services), services.GetRequiredService<TimeProvider>()));
            loop.Services.TryAddSingleton(services => services.GetRequiredKeyedService<KubernetesRollback>(options.Name));
        }
        if (options.Watch)
        {
            loop.Services.AddSingleton<IHostedService>(services => KubernetesAdapter.CreateWatch(
                options, Http(services), services.GetRequiredService<IIntake>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>().CreateLogger(client)));
        }
        return loop.AddAdapter(services => KubernetesAdapter.Create(options, Http(services), services.GetRequiredService<TimeProvider>()));

        HttpClient Http(IServiceProvider services) => services.GetRequiredService<IHttpClientFactory>().CreateClient(client);
    }
}
