using System.Globalization;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>One pod of a ReplicaSet, with one container.</summary>
internal sealed class SandboxPod(SandboxReplicaSet replicaSet, int number, DateTimeOffset createdAt)
{
    public SandboxReplicaSet ReplicaSet { get; } = replicaSet;

    public string Name { get; } = $"{replicaSet.Name}-{WorldDice.Sha(string.Create(CultureInfo.InvariantCulture, $"pod/{replicaSet.Name}/{number}"))[..5]}";

    public string Uid => ClusterUid.Of("pod/" + Name);

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public PodState State { get; private set; }

    /// <summary>Since when it is ready, or not.</summary>
    public DateTimeOffset ReadySince { get; private set; } = createdAt;

    /// <summary>When its container was started last; null while the image is being pulled.</summary>
    public DateTimeOffset? StartedAt { get; private set; }

    /// <summary>When its container crashed last, or null.</summary>
    public DateTimeOffset? CrashedAt { get; private set; }

    public int Restarts { get; private set; }

    /// <summary>It goes away, and takes no traffic any more.</summary>
    public DateTimeOffset? DeletedAt { get; private set; }

    public bool IsReady => State == PodState.Ready && DeletedAt is null;

    /// <summary>It comes up, or again.</summary>
    public void BecomeReady(DateTimeOffset at)
    {
        if (State is PodState.Creating or PodState.Crashed) StartedAt = at;
        Become(PodState.Ready, at);
    }

    public void FailProbe(DateTimeOffset at) => Become(PodState.NotReady, at);

    public void Crash(DateTimeOffset at)
    {
        StartedAt ??= at;
        CrashedAt = at;
        Restarts++;
        Become(PodState.Crashed, at);
    }

    public void Delete(DateTimeOffset at) => DeletedAt ??= at;

    private void Become(PodState state, DateTimeOffset at)
    {
        if ((state == PodState.Ready) != (State == PodState.Ready)) ReadySince = at;
        State = state;
    }
}
