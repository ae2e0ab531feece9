using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>The ReplicaSet of one pod template; going back to a template takes up its ReplicaSet again.</summary>
/// <param name="deployment">The Deployment's name.</param>
/// <param name="image">The image of the template.</param>
/// <param name="restartedAt">The restart that the template is annotated with, or null.</param>
/// <param name="createdAt">When it was made.</param>
internal sealed class SandboxReplicaSet(string deployment, string image, string? restartedAt, DateTimeOffset createdAt)
{
    public string Image { get; } = image;

    public string? RestartedAt { get; } = restartedAt;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>The <c>pod-template-hash</c>.</summary>
    public string Hash { get; } = WorldDice.Sha($"template/{deployment}/{image}/{restartedAt}")[..10];

    public string Name => $"{deployment}-{Hash}";

    public string Uid => ClusterUid.Of("replicaset/" + Name);

    /// <summary>Which rollout of the Deployment it was last in.</summary>
    public int Revision { get; set; }
}
