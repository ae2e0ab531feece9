namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>A Deployment that runs one service; each image of the service is rolled out by updating it.</summary>
internal sealed class SandboxDeployment(string name, string uid, DateTimeOffset createdAt)
{
    public const string Namespace = "production";

    public const int Replicas = 2;

    public string Name { get; } = name;

    public string Uid { get; } = uid;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>Null until the service was deployed first.</summary>
    public string? Image { get; private set; }

    public string Digest { get; private set; } = "";

    public long Generation { get; private set; }

    public long ObservedGeneration { get; private set; }

    public int Updated { get; private set; }

    public int Total { get; private set; }

    public int Available { get; private set; }

    /// <summary>The reason of the Progressing condition.</summary>
    public string Reason { get; private set; } = RolloutReasons.Complete;

    public DateTimeOffset ReasonSince { get; private set; } = createdAt;

    /// <summary>A new spec is written; the controller has not seen it yet. Repeating the same image is a restart.</summary>
    public void Apply(string image, string digest)
    {
        Image = image;
        Digest = digest;
        Generation++;
    }

    public void Observe(DateTimeOffset at)
    {
        ObservedGeneration = Generation;
        Updated = 1;
        Available = Total;
        Total++;
        Set(RolloutReasons.Progressing, at);
    }

    public void Fail(DateTimeOffset at) => Set(RolloutReasons.Failed, at);

    public void Finish(DateTimeOffset at)
    {
        Updated = Total = Available = Replicas;
        Set(RolloutReasons.Complete, at);
    }

    private void Set(string reason, DateTimeOffset at)
    {
        Reason = reason;
        ReasonSince = at;
    }
}
