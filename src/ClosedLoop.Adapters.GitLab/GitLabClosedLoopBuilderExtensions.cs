using ClosedLoop.Adapters;
using ClosedLoop.Adapters.GitLab;
using ClosedLoop.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds GitLab to ClosedLoop.</summary>
public static class GitLabClosedLoopBuilderExtensions
{
    private const string ClientName = "ClosedLoop.GitLab";

    /// <summary>
    /// Adds GitLab as the writer of <c>pr-opened</c>, <c>reviewed</c> and <c>merged</c>, and of <c>main-ci</c> and <c>rolled-out</c> where it runs
    /// those. Its options are checked when the host starts. Call it once for each GitLab, with another name each.
    /// </summary>
    /// <exception cref="Options.OptionsValidationException">At start: an option is missing or wrong; the message names each one and the fix.</exception>
    public static ClosedLoopBuilder AddGitLab(this ClosedLoopBuilder loop, Action<GitLabOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new GitLabOptions();
        configure(options);
        loop.Services.AddHttpClient(ClientName, static http => http.Timeout = Timeout.InfiniteTimeSpan).ConfigurePrimaryHttpMessageHandler(SourceClient.CreateHandler).RemoveAllLoggers();
        return loop.AddAdapter(services => GitLabAdapter.Create(options, services.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName), services.GetRequiredService<TimeProvider>()));
    }
}
