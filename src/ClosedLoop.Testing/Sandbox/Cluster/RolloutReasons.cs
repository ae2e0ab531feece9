namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>The reasons of the events that the simulated deploy controller raises about a Deployment.</summary>
internal static class RolloutReasons
{
    /// <summary>The new replica set is being rolled out.</summary>
    public const string Progressing = "ReplicaSetUpdated";

    /// <summary>It did not become available in time.</summary>
    public const string Failed = "ProgressDeadlineExceeded";

    /// <summary>All replicas are of the new one and available.</summary>
    public const string Complete = "NewReplicaSetAvailable";

    /// <summary>The health check after the rollout has passed.</summary>
    public const string Verified = "HealthCheckSucceeded";
}
