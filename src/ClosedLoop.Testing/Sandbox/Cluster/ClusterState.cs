using System.Globalization;
using ClosedLoop.Testing.Sandbox.Jenkins;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>What the simulated cluster holds: two Deployments for each repository, and the latest events about them.</summary>
internal sealed class ClusterState
{
    /// <summary>A real cluster forgets events after an hour; this one when there are more than this.</summary>
    public const int MaxEvents = 2_000;

    private readonly Dictionary<string, SandboxDeployment[]> _deployments = new(StringComparer.Ordinal);
    private readonly Queue<ClusterEvent> _events = new();
    private int _sequence;

    public ClusterState(Uri registry, IEnumerable<string> repositories, DateTimeOffset now)
    {
        foreach (string repository in repositories) _deployments[repository] = [Create(JenkinsState.Job(repository)), Create(JenkinsState.Job(repository) + "-batch")];

        SandboxDeployment Create(string name) => new(name, WorldDice.Sha("deployment/" + name)[..32], registry.Authority, now);
    }

    public IEnumerable<SandboxDeployment> Deployments => _deployments.Values.SelectMany(static d => d);

    public IEnumerable<ClusterEvent> Events => _events;

    public int Version => _sequence;

    /// <summary>Where a repository's images run: one serves requests, the other works through what was queued.</summary>
    public IReadOnlyList<SandboxDeployment> Of(string repository) => _deployments[repository];

    /// <summary>Keeps an event.</summary>
    /// <param name="deployment">What it is about.</param>
    /// <param name="reason">One of <see cref="RolloutReasons"/>.</param>
    /// <param name="image">The image that it is about.</param>
    /// <param name="at">Now.</param>
    public ClusterEvent Raise(SandboxDeployment deployment, string reason, string image, DateTimeOffset at)
    {
        string message = reason switch
        {
            RolloutReasons.Started => $"ReplicaSet of \"{deployment.Name}\" is progressing.",
            RolloutReasons.Mixed => $"ReplicaSet of \"{deployment.Name}\" serves beside the one before.",
            RolloutReasons.Failed => $"ReplicaSet of \"{deployment.Name}\" has timed out progressing.",
            RolloutReasons.Complete => $"ReplicaSet of \"{deployment.Name}\" has successfully progressed.",
            RolloutReasons.Rejected => $"Image {image} was marked bad.",
            RolloutReasons.Unhealthy => string.Create(CultureInfo.InvariantCulture, $"Health check failed for generation {deployment.Generation}."),
            _ => string.Create(CultureInfo.InvariantCulture, $"Health check passed for generation {deployment.Generation}."),
        };
        var raised = new ClusterEvent
        {
            Sequence = ++_sequence,
            Deployment = deployment.Name,
            Uid = deployment.Uid,
            Reason = reason,
            Message = message,
            Image = image,
            PreviousImage = reason == RolloutReasons.Mixed ? deployment.PreviousImage : null,
            Generation = deployment.Generation,
            At = at,
        };
        _events.Enqueue(raised);
        if (_events.Count > MaxEvents) _events.Dequeue();
        return raised;
    }
}
