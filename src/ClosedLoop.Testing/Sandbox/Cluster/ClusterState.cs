using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Jenkins;

namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>
/// What the simulated cluster holds: two Deployments for each repository, and the objects that the API server shows of them, with the
/// versions and the latest changes that lists and watches go by. Under the world's lock only.
/// </summary>
internal sealed class ClusterState
{
    /// <summary>A real server forgets changes after five minutes; this one when there are more than this.</summary>
    public const int MaxChanges = 2_000;

    private readonly Dictionary<string, SandboxDeployment[]> _deployments = new(StringComparer.Ordinal);
    private readonly Dictionary<(ClusterCollection Collection, string Name), ClusterObject> _objects = [];
    private readonly Dictionary<SandboxDeployment, HashSet<(ClusterCollection Collection, string Name)>> _shown = [];
    private readonly List<ClusterChange> _changes = [];
    private long _forgotten;
    private TaskCompletionSource _changed = NewSignal();

    public ClusterState(Uri registry, IEnumerable<string> repositories, DateTimeOffset now)
    {
        foreach (string repository in repositories) _deployments[repository] = [Create(JenkinsState.Job(repository)), Create(JenkinsState.Job(repository) + "-batch")];

        SandboxDeployment Create(string name) => new(name, registry.Authority, now, Show);
    }

    /// <summary>The version of all of it: that of the latest change.</summary>
    public long Version { get; private set; }

    /// <summary>The API server stops, and every watch ends.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Completes at the next change, or when it is closed.</summary>
    public Task NextChange => _changed.Task;

    /// <summary>Where a repository's images run: one serves requests, the other works through what was queued.</summary>
    public IReadOnlyList<SandboxDeployment> Of(string repository) => _deployments[repository];

    /// <summary>The objects of a collection, by name.</summary>
    public List<ClusterObject> List(ClusterCollection collection) => [.. _objects.Values.Where(o => o.Collection == collection).OrderBy(static o => o.Name, StringComparer.Ordinal)];

    public ClusterObject? Find(ClusterCollection collection, string name) => _objects.GetValueOrDefault((collection, name));

    /// <summary>What changed in a collection after a version; null when that is forgotten.</summary>
    public List<ClusterChange>? ChangesAfter(ClusterCollection collection, long version) =>
        version < _forgotten ? null : [.. _changes.Where(c => c.Object.Version > version && c.Object.Collection == collection)];

    public void Close()
    {
        IsClosed = true;
        Signal();
    }

    // Every object is made anew, and what differs from before is a change.
    private void Show(SandboxDeployment deployment)
    {
        var now = new HashSet<(ClusterCollection, string)>();
        if (!_shown.TryGetValue(deployment, out var before)) before = [];
        Put(ClusterCollection.Deployments, deployment.Name, DeploymentJson.Of(deployment));
        foreach (var replicaSet in deployment.ReplicaSets) Put(ClusterCollection.ReplicaSets, replicaSet.Name, ReplicaSetJson.Of(deployment, replicaSet));
        foreach (var pod in deployment.Pods) Put(ClusterCollection.Pods, pod.Name, PodJson.Of(deployment, pod));
        foreach (var gone in before.Where(k => !now.Contains(k)).OrderBy(static k => k.Name, StringComparer.Ordinal))
            if (_objects.Remove(gone, out var last))
                Add(ClusterChange.Deleted, last with { Version = ++Version });
        _shown[deployment] = now;
        Signal();

        void Put(ClusterCollection collection, string name, JsonObject json)
        {
            now.Add((collection, name));
            var known = Find(collection, name);
            if (known is not null && JsonNode.DeepEquals(known.Json, json)) return;
            var next = _objects[(collection, name)] = new ClusterObject(collection, name, ++Version, json);
            Add(known is null ? ClusterChange.Added : ClusterChange.Modified, next);
        }
    }

    private void Add(string type, ClusterObject changed)
    {
        _changes.Add(new ClusterChange(type, changed));
        if (_changes.Count <= MaxChanges) return;
        int surplus = _changes.Count - (MaxChanges / 2);
        _forgotten = _changes[surplus - 1].Object.Version;
        _changes.RemoveRange(0, surplus);
    }

    private void Signal()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
