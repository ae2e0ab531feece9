using ClosedLoop.Adapters;

namespace ClosedLoop.Lines.Git;

/// <summary>Makes the registration of a clone.</summary>
internal static class GitCloneAdapter
{
    /// <exception cref="InvalidOperationException">The options have mistakes; the message lists each with its path and fix.</exception>
    public static AdapterRegistration Create(GitCloneOptions options, TimeProvider time)
    {
        var settings = new GitCloneSettings(options);
        return new AdapterRegistration
        {
            Name = settings.Name,
            Writers = [settings.Writer],
            Probe = new GitCloneProbe(settings, time),
            ReadsLines = true,
            PollInterval = settings.PollInterval,
        };
    }
}
