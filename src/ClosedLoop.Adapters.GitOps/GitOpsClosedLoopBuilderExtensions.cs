using ClosedLoop.Adapters;
using ClosedLoop.Adapters.GitOps;
using ClosedLoop.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Argo CD, Argo Rollouts and Flux to ClosedLoop.</summary>
public static class GitOpsClosedLoopBuilderExtensions
{
    /// <summary>Adds an Argo CD as a writer of <c>rolled-out</c> and <c>healthy</c>. Its options are checked when the host starts.</summary>
    /// <exception cref="Options.OptionsValidationException">At start: an option is missing or wrong; the message names each one and the fix.</exception>
    public static ClosedLoopBuilder AddArgoCD(this ClosedLoopBuilder loop, Action<ArgoCDOptions> configure) => Add(loop, new ArgoCDOptions(), configure, ArgoCDAdapter.CreateHandler, ArgoCDAdapter.Create);

    /// <summary>Adds a cluster's Argo Rollouts as a writer of <c>rolled-out</c> and <c>healthy</c>. Its options are checked when the host starts.</summary>
    /// <exception cref="Options.OptionsValidationException">At start: an option is missing or wrong; the message names each one and the fix.</exception>
    public static ClosedLoopBuilder AddArgoRollouts(this ClosedLoopBuilder loop, Action<ArgoRolloutsOptions> configure) => Add(loop, new ArgoRolloutsOptions(), configure, ArgoRolloutsAdapter.CreateHandler, ArgoRolloutsAdapter.Create);

    /// <summary>Adds a cluster's Flux as a writer of <c>rolled-out</c> and <c>healthy</c>. Its options are checked when the host starts.</summary>
    /// <exception cref="Options.OptionsValidationException">At start: an option is missing or wrong; the message names each one and the fix.</exception>
    public static ClosedLoopBuilder AddFlux(this ClosedLoopBuilder loop, Action<FluxOptions> configure) => Add(loop, new FluxOptions(), configure, FluxAdapter.CreateHandler, FluxAdapter.Create);

    private static ClosedLoopBuilder Add<T>(ClosedLoopBuilder loop, T options, Action<T> configure, Func<T, SocketsHttpHandler> handler, Func<T, HttpClient, TimeProvider, AdapterRegistration> create)
        where T : GitOpsOptions
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(configure);
        configure(options);
        string client = $"ClosedLoop.{options.Name}";
        loop.Services.AddHttpClient(client, static http => http.Timeout = Timeout.InfiniteTimeSpan).ConfigurePrimaryHttpMessageHandler(() => handler(options)).RemoveAllLoggers();
        return loop.AddAdapter(services => create(options, services.GetRequiredService<IHttpClientFactory>().CreateClient(client), services.GetRequiredService<TimeProvider>()));
    }
}
