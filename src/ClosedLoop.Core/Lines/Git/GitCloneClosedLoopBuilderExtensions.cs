using ClosedLoop.Adapters;
using ClosedLoop.Hosting;
using ClosedLoop.Lines.Git;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a local git clone to ClosedLoop.</summary>
public static class GitCloneClosedLoopBuilderExtensions
{
    /// <summary>
    /// Adds a local clone as a source of line history: which commits are on which line, what they cherry-picked or reverted, and whether
    /// what landed is still there. Several clones may be added, each under a name of its own. Its options are checked when the host starts.
    /// </summary>
    /// <exception cref="InvalidOperationException">At start: an option is missing or wrong; the message names each one and the fix.</exception>
    public static ClosedLoopBuilder AddGitClone(this ClosedLoopBuilder loop, Action<GitCloneOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new GitCloneOptions();
        configure(options);
        return loop.AddAdapter(services => GitCloneAdapter.Create(options, services.GetRequiredService<TimeProvider>()));
    }
}
