namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>The reasons that the Deployment controller writes into the condition Progressing.</summary>
internal static class RolloutReasons
{
    /// <summary>Pods of the new ReplicaSet come up.</summary>
    public const string Started = "ReplicaSetUpdated";

    /// <summary>They did not become available in time.</summary>
    public const string Failed = "ProgressDeadlineExceeded";

    /// <summary>All replicas are of the new ReplicaSet and available.</summary>
    public const string Complete = "NewReplicaSetAvailable";
}
