namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>The reasons of the events that the simulated deploy controller raises about a Deployment.</summary>
internal static class RolloutReasons
{
    /// <summary>The new replica set is being started; it does not serve yet.</summary>
    public const string Started = "ReplicaSetUpdated";

    /// <summary>Pods of the new replica set serve, and pods of the one before do, too.</summary>
    public const string Mixed = "ReplicaSetPartlyAvailable";

    /// <summary>The new replica set did not become available in time.</summary>
    public const string Failed = "ProgressDeadlineExceeded";

    /// <summary>All replicas are of the new one and available.</summary>
    public const string Complete = "NewReplicaSetAvailable";

    /// <summary>A health check of what runs has passed.</summary>
    public const string Verified = "HealthCheckSucceeded";

    /// <summary>A health check of what runs has failed.</summary>
    public const string Unhealthy = "HealthCheckFailed";

    /// <summary>An image was marked bad: it must not run again.</summary>
    public const string Rejected = "ImageRejected";
}
