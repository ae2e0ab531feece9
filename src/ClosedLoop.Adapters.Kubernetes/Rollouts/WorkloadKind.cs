namespace ClosedLoop.Adapters.Kubernetes.Rollouts;

/// <summary>The workloads of <c>apps/v1</c> whose rollouts kubectl follows.</summary>
internal enum WorkloadKind
{
    /// <summary>Runs pods through ReplicaSets, one for each template.</summary>
    Deployment = 0,

    /// <summary>Runs numbered pods, one ControllerRevision for each template.</summary>
    StatefulSet = 1,

    /// <summary>Runs one pod on each node.</summary>
    DaemonSet = 2,
}
