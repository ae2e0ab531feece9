using ClosedLoop.Adapters.Jenkins;
using ClosedLoop.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Jenkins to ClosedLoop.</summary>
public static class JenkinsClosedLoopBuilderExtensions
{
    private const string ClientName = "ClosedLoop.Jenkins";

    /// <summary>Adds Jenkins as a writer of <c>main-ci</c>. Its options are checked when the host starts.</summary>
    /// <exception cref="Options.OptionsValidationException">At start: an option is missing or wrong; the message names each one and the fix.</exception>
    public static ClosedLoopBuilder AddJenkins(this ClosedLoopBuilder loop, Action<JenkinsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new JenkinsOptions();
        configure(options);
        loop.Services.AddHttpClient(ClientName, static http => http.Timeout = Timeout.InfiniteTimeSpan).ConfigurePrimaryHttpMessageHandler(JenkinsAdapter.CreateHandler).RemoveAllLoggers();
        return loop.AddAdapter(services => JenkinsAdapter.Create(
            options, services.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName), services.GetRequiredService<TimeProvider>()));
    }
}
