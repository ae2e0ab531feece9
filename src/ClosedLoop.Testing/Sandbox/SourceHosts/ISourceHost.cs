using ClosedLoop.Testing.Sandbox.Http;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.SourceHosts;

/// <summary>
/// What speaks for the repositories and their pull requests. What happens is the same with each; how it looks, what it is called and what
/// commits say is the host's. All but <see cref="Api"/> is called under the world's lock, after the change that it tells of.
/// </summary>
internal interface ISourceHost
{
    ISandboxApi Api { get; }

    /// <summary>The description of a pull request that reverts a change.</summary>
    string DescribeRevert(WorldChange reverted);

    /// <summary>What the commit on the branch of a revert says of what it undoes.</summary>
    string Undoes(WorldChange reverted);

    /// <summary>The commit by which a change lands.</summary>
    LandingCommit Land(WorldChange change);

    /// <summary>A webhook was just set up.</summary>
    void Greet();

    void Opened(PullRequest pull);

    /// <summary>It is no draft any more.</summary>
    void MadeReady(PullRequest pull);

    void Reviewed(PullRequest pull, PullRequestReview review);

    /// <summary>Closed without being merged.</summary>
    void Closed(PullRequest pull);

    void Merged(PullRequest pull);

    /// <summary>The branch moved to its head.</summary>
    /// <param name="line">The branch.</param>
    /// <param name="before">Where it stood.</param>
    /// <param name="change">The change that landed by its head; null for a push by hand.</param>
    void Pushed(WorldLine line, WorldCommit before, WorldChange? change);
}
