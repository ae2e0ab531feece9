using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds GitHub to ClosedLoop.</summary>
public static class GitHubClosedLoopBuilderExtensions
{
    /// <summary>
    /// Adds GitHub as the writer of <c>pr-opened</c>, <c>reviewed</c> and <c>merged</c>, and of <c>main-ci</c> and <c>rolled-out</c> where
    /// it runs those. Its options are checked when the host starts. With <see cref="GitHubOptions.AllowActions"/> also <see cref="GitHubActions"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">At start: an option is missing or wrong; the message names each one and the fix.</exception>
    public static ClosedLoopBuilder AddGitHub(this ClosedLoopBuilder loop, Action<GitHubOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new GitHubOptions();
        configure(options);
        if (options.AllowActions)
        {
            loop.Services.AddSingleton(services => GitHubActions.Create(
                options, http: null, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>().CreateLogger("ClosedLoop.Adapters.GitHub")));
        }
        return loop.AddAdapter(services => GitHubAdapter.Create(
            options, http: null, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>().CreateLogger("ClosedLoop.Adapters.GitHub")));
    }
}
