using ClosedLoop.Testing.Sandbox.Registry;

namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>A Deployment; each image of its service is rolled out by updating it.</summary>
internal sealed class SandboxDeployment(string name, string uid, string registry, DateTimeOffset createdAt)
{
    public const string Namespace = "production";

    public const int Replicas = 2;

    public string Name { get; } = name;

    public string Uid { get; } = uid;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>The address of the image that it should run.</summary>
    public string Image { get; private set; } = "";

    /// <summary>The address of the image that ran last in full; null at first.</summary>
    public string? PreviousImage { get; private set; }

    public long Generation { get; private set; }

    public long ObservedGeneration { get; private set; }

    public int Updated { get; private set; }

    public int Total { get; private set; }

    public int Available { get; private set; }

    /// <summary>The reason of the Progressing condition.</summary>
    public string Reason { get; private set; } = RolloutReasons.Complete;

    public DateTimeOffset ReasonSince { get; private set; } = createdAt;

    /// <summary>A new spec is written; the controller has not seen it yet.</summary>
    public void Apply(SandboxImage image)
    {
        if (Reason == RolloutReasons.Complete && Generation > 0) PreviousImage = Image;
        Image = AddressOf(image);
        Generation++;
    }

    public string AddressOf(SandboxImage image) => $"{registry}/{image.Repository}@{image.Digest}";

    /// <summary>The controller starts the first new pod.</summary>
    public void Begin(DateTimeOffset at) => Set(RolloutReasons.Started, updated: 1, total: Replicas + 1, available: Replicas, at);

    /// <summary>The new pod is available.</summary>
    public void Mix(DateTimeOffset at) => Set(RolloutReasons.Mixed, updated: 1, total: Replicas + 1, available: Replicas + 1, at);

    public void Fail(DateTimeOffset at) => Set(RolloutReasons.Failed, Updated, Total, Available, at);

    public void Finish(DateTimeOffset at) => Set(RolloutReasons.Complete, Replicas, Replicas, Replicas, at);

    private void Set(string reason, int updated, int total, int available, DateTimeOffset at)
    {
        ObservedGeneration = Generation;
        Updated = updated;
        Total = total;
        Available = available;
        Reason = reason;
        ReasonSince = at;
    }
}
