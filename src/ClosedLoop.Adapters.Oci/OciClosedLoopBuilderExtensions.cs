using ClosedLoop.Adapters;
using ClosedLoop.Adapters.Oci;
using ClosedLoop.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds container registries to ClosedLoop.</summary>
public static class OciClosedLoopBuilderExtensions
{
    private const string ClientName = "ClosedLoop.Oci";

    /// <summary>
    /// Adds a registry as a writer of <c>image-built</c>; call it once for each, with a <see cref="OciOptions.Name"/> of its own. Its options are checked when the host starts.
    /// </summary>
    /// <exception cref="Options.OptionsValidationException">At start: an option is missing or wrong; the message names each one and the fix.</exception>
    public static ClosedLoopBuilder AddOci(this ClosedLoopBuilder loop, Action<OciOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new OciOptions();
        configure(options);
        loop.Services.AddHttpClient(ClientName, static http => http.Timeout = Timeout.InfiniteTimeSpan).ConfigurePrimaryHttpMessageHandler(SourceClient.CreateHandler).RemoveAllLoggers();
        return loop.AddAdapter(services => OciAdapter.Create(
            options, services.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName), services.GetRequiredService<TimeProvider>()));
    }
}
