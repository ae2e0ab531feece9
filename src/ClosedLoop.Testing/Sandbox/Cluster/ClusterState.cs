using System.Globalization;
using ClosedLoop.Testing.Sandbox.Jenkins;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>What the simulated cluster holds: one Deployment per repository, and the latest events about them.</summary>
internal sealed class ClusterState
{
    /// <summary>A real cluster forgets events after an hour; this one when there are more than this.</summary>
    public const int MaxEvents = 2_000;

    private readonly Dictionary<string, SandboxDeployment> _deployments = new(StringComparer.Ordinal);
    private readonly Queue<ClusterEvent> _events = new();
    private int _sequence;

    public ClusterState(IEnumerable<string> repositories, DateTimeOffset now)
    {
        foreach (string repository in repositories)
            _deployments[repository] = new SandboxDeployment(JenkinsState.Job(repository), WorldDice.Sha("deployment/" + repository)[..32], now);
    }

    public IEnumerable<SandboxDeployment> Deployments => _deployments.Values.Where(static d => d.Image is not null);

    public IEnumerable<ClusterEvent> Events => _events;

    public int Version => _sequence;

    public SandboxDeployment Of(string repository) => _deployments[repository];

    public ClusterEvent Raise(SandboxDeployment deployment, string reason, DateTimeOffset at)
    {
        string message = reason switch
        {
            RolloutReasons.Progressing => $"ReplicaSet of \"{deployment.Name}\" is progressing.",
            RolloutReasons.Failed => $"ReplicaSet of \"{deployment.Name}\" has timed out progressing.",
            RolloutReasons.Complete => $"ReplicaSet of \"{deployment.Name}\" has successfully progressed.",
            _ => string.Create(CultureInfo.InvariantCulture, $"Health check passed for generation {deployment.Generation}."),
        };
        var raised = new ClusterEvent(++_sequence, SandboxDeployment.Namespace, deployment.Name, deployment.Uid, reason, message, deployment.Image!, deployment.Generation, at);
        _events.Enqueue(raised);
        if (_events.Count > MaxEvents) _events.Dequeue();
        return raised;
    }
}
