namespace ClosedLoop.Testing.Sandbox;

/// <summary>Which system rolls images out in a sandbox, and tells of it.</summary>
public enum SandboxDelivery
{
    /// <summary>The cluster itself.</summary>
    Kubernetes = 0,

    /// <summary>Argo CD: its notifications, and applications at its API.</summary>
    ArgoCD = 1,

    /// <summary>Flux: events of its notification controller, and Kustomizations in the cluster.</summary>
    Flux = 2,

    /// <summary>Argo Rollouts: its notifications, and Rollouts in the cluster.</summary>
    ArgoRollouts = 3,

    /// <summary>A producer of CDEvents (0.4.1), by the CloudEvents HTTP binding. It can be asked nothing, and says nothing of health.</summary>
    CDEvents = 4,
}
