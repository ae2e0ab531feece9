using ClosedLoop.Testing.Sandbox.Jenkins;
using ClosedLoop.Testing.Sandbox.SourceHosts;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>A system that shows the world in its own words. Told of each step under the world's lock, after the truth is written.</summary>
internal interface IWorldObserver
{
    /// <summary>A pull request was opened or closed.</summary>
    void Changed(string action, PullRequest pull)
    {
    }

    /// <summary>A pull request was reviewed.</summary>
    void Reviewed(PullRequest pull, PullRequestReview review)
    {
    }

    /// <summary>A build began or ended.</summary>
    void Built(JenkinsBuild build)
    {
    }

    /// <summary>An image is in the registry.</summary>
    void Published(WorldService service, WorldVersion version)
    {
    }

    /// <summary>Something happened at a target.</summary>
    void RolledOut(WorldService service, WorldTarget target, RolloutStep step)
    {
    }
}
