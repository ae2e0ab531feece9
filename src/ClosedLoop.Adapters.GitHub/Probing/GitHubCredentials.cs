namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>Who we are to GitHub. Safe from several threads.</summary>
internal abstract class GitHubCredentials
{
    /// <summary>What to do when GitHub refuses them.</summary>
    public abstract string Refused { get; }

    /// <summary>The token for requests about repositories, or the failed reply to asking for one.</summary>
    public abstract ValueTask<(string? Token, GitHubReply? Failure)> GetAsync(GitHubClient client, CancellationToken cancellationToken);

    /// <summary>GitHub refused the token. True when another one can be had.</summary>
    public virtual bool Forget(string token) => false;

    /// <summary>The token for requests of an App about itself; null when we are none.</summary>
    public virtual string? AppToken() => null;
}
