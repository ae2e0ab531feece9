using ClosedLoop.Adapters;
using ClosedLoop.Adapters.Gitea;
using ClosedLoop.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Gitea or Forgejo to ClosedLoop.</summary>
public static class GiteaClosedLoopBuilderExtensions
{
    private const string ClientName = "ClosedLoop.Gitea";

    /// <summary>
    /// Adds Gitea or Forgejo as the writer of <c>pr-opened</c>, <c>reviewed</c> and <c>merged</c>, and of <c>main-ci</c> where CI reports to it. Its
    /// options are checked when the host starts. Call it once for each of them, with another name each.
    /// </summary>
    /// <exception cref="Options.OptionsValidationException">At start: an option is missing or wrong; the message names each one and the fix.</exception>
    public static ClosedLoopBuilder AddGitea(this ClosedLoopBuilder loop, Action<GiteaOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new GiteaOptions();
        configure(options);
        loop.Services.AddHttpClient(ClientName, static http => http.Timeout = Timeout.InfiniteTimeSpan).ConfigurePrimaryHttpMessageHandler(SourceClient.CreateHandler).RemoveAllLoggers();
        return loop.AddAdapter(services => GiteaAdapter.Create(options, services.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName), services.GetRequiredService<TimeProvider>()));
    }
}
