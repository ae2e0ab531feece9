namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>How one pod is.</summary>
internal enum PodState
{
    /// <summary>Its image is being pulled.</summary>
    Creating,

    /// <summary>It runs and takes traffic.</summary>
    Ready,

    /// <summary>It runs, and its readiness probe fails.</summary>
    NotReady,

    /// <summary>It crashed, and waits to be started again.</summary>
    Crashed,
}
