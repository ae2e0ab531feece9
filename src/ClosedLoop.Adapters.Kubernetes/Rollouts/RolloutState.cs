namespace ClosedLoop.Adapters.Kubernetes.Rollouts;

/// <summary>What <c>kubectl rollout status</c> would say of a workload.</summary>
internal enum RolloutState
{
    /// <summary>A field that the verdict needs is not of its type: no verdict, where kubectl ends with a conversion error.</summary>
    Unreadable = 0,

    /// <summary>It is not done yet.</summary>
    Waiting = 1,

    /// <summary>kubectl ends with an error.</summary>
    Failed = 2,

    /// <summary>kubectl ends with success. It says nothing of what runs: zero replicas are done too.</summary>
    Done = 3,
}
