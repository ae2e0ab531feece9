using System.Globalization;
using ClosedLoop.Testing.Sandbox.Registry;

namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>
/// A Deployment with its ReplicaSets and pods, as its controller and the kubelets leave them; each image of its service is rolled out by
/// updating it.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="registry">The registry's host, as image addresses have it.</param>
/// <param name="createdAt">When it was made.</param>
/// <param name="changed">Hears of every change that the API shows.</param>
internal sealed class SandboxDeployment(string name, string registry, DateTimeOffset createdAt, Action<SandboxDeployment> changed)
{
    public const string Namespace = "production";

    public const int Replicas = 2;

    public const int HistoryLimit = 10;

    private readonly List<SandboxReplicaSet> _replicaSets = [];
    private readonly List<SandboxPod> _pods = [];
    private int _podCount;
    private int _revision;

    public string Name { get; } = name;

    public string Uid { get; } = ClusterUid.Of("deployment/" + name);

    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>The address of the image that it should run.</summary>
    public string Image { get; private set; } = "";

    /// <summary>What its template is annotated with after a restart: the same image again. Null otherwise.</summary>
    public string? RestartedAt { get; private set; }

    public long Generation { get; private set; }

    public long ObservedGeneration { get; private set; }

    public int Updated { get; private set; }

    public int Total { get; private set; }

    public int Available { get; private set; }

    /// <summary>The reason of the condition Progressing.</summary>
    public string Reason { get; private set; } = RolloutReasons.Complete;

    public DateTimeOffset ReasonSince { get; private set; } = createdAt;

    /// <summary>Since when enough replicas are available, or not.</summary>
    public DateTimeOffset AvailableSince { get; private set; } = createdAt;

    public bool IsAvailable { get; private set; }

    public int Revision => Current?.Revision ?? _revision;

    public IReadOnlyList<SandboxReplicaSet> ReplicaSets => _replicaSets;

    public IReadOnlyList<SandboxPod> Pods => _pods;

    // None before the controller has seen the template.
    private SandboxReplicaSet? Current => _replicaSets.Find(r => r.Image == Image && r.RestartedAt == RestartedAt);

    /// <summary>A new spec is written; the controller has not seen it yet.</summary>
    public void Apply(SandboxImage image, DateTimeOffset at)
    {
        string address = $"{registry}/{image.Repository}@{image.Digest}";
        // What is there already would be no rollout: this is "kubectl rollout restart".
        RestartedAt = address == Image ? at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) : null;
        Image = address;
        Generation++;
        changed(this);
    }

    /// <summary>The controller starts the first new pod. Of the earlier ones, those that do not work go first.</summary>
    public void Begin(DateTimeOffset at)
    {
        var current = TakeUp(at);
        _pods.RemoveAll(p => p.DeletedAt is not null || (p.ReplicaSet != current && !p.IsReady));
        Create(current, at);
        Report(RolloutReasons.Started, at);
    }

    /// <summary>The new pod takes traffic, beside the earlier ones.</summary>
    public void Mix(DateTimeOffset at)
    {
        foreach (var pod in _pods.Where(IsCurrent)) pod.BecomeReady(at);
        Report(RolloutReasons.Started, at);
    }

    /// <summary>The new pod never came up, and the time for it is over.</summary>
    public void Fail(DateTimeOffset at)
    {
        foreach (var pod in _pods.Where(IsCurrent)) pod.Crash(at);
        Report(RolloutReasons.Failed, at);
    }

    /// <summary>All replicas are of the new template, and the earlier pods go.</summary>
    public void Finish(DateTimeOffset at)
    {
        var current = TakeUp(at);
        while (_pods.Count(IsCurrent) < Replicas) Create(current, at);
        foreach (var pod in _pods)
            if (IsCurrent(pod)) pod.BecomeReady(at);
            else pod.Delete(at);
        Report(RolloutReasons.Complete, at);
    }

    /// <summary>A pod of what runs crashes again and again.</summary>
    public void Crash(DateTimeOffset at)
    {
        _pods.FindLast(static p => p.IsReady)?.Crash(at);
        Report(Reason, ReasonSince, at);
    }

    /// <summary>The readiness probe of a pod fails, as while it is moved.</summary>
    public void Dip(DateTimeOffset at)
    {
        _pods.FindLast(static p => p.IsReady)?.FailProbe(at);
        Report(Reason, ReasonSince, at);
    }

    /// <summary>A pod whose readiness probe failed takes traffic again.</summary>
    public void Recover(DateTimeOffset at)
    {
        foreach (var pod in _pods.Where(static p => p.State == PodState.NotReady)) pod.BecomeReady(at);
        Report(Reason, ReasonSince, at);
    }

    private bool IsCurrent(SandboxPod pod) => pod.ReplicaSet == Current && pod.DeletedAt is null;

    private SandboxReplicaSet TakeUp(DateTimeOffset at)
    {
        if (Current is not { } current) _replicaSets.Add(current = new SandboxReplicaSet(Name, Image, RestartedAt, at));
        if (current.Revision != _revision || _revision == 0) current.Revision = ++_revision;
        foreach (var old in _replicaSets.Where(r => r != current && _pods.TrueForAll(p => p.ReplicaSet != r)).OrderByDescending(static r => r.Revision).Skip(HistoryLimit).ToList()) _replicaSets.Remove(old);
        return current;
    }

    private void Create(SandboxReplicaSet replicaSet, DateTimeOffset at) => _pods.Add(new SandboxPod(replicaSet, ++_podCount, at));

    private void Report(string reason, DateTimeOffset at) => Report(reason, at, at);

    private void Report(string reason, DateTimeOffset since, DateTimeOffset at)
    {
        (Reason, ReasonSince) = (reason, since);
        ObservedGeneration = Generation;
        Updated = _pods.Count(IsCurrent);
        Total = _pods.Count(static p => p.DeletedAt is null);
        Available = _pods.Count(static p => p.IsReady);
        bool available = Available >= Replicas;
        if (available != IsAvailable) (IsAvailable, AvailableSince) = (available, at);
        changed(this);
    }
}
