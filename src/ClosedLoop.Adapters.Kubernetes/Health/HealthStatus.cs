namespace ClosedLoop.Adapters.Kubernetes.Health;

/// <summary>The health scale of Argo CD, from the best to the worst (wire.md 6.3).</summary>
internal enum HealthStatus
{
    /// <summary>As it should be.</summary>
    Healthy = 0,

    /// <summary>Paused.</summary>
    Suspended = 1,

    /// <summary>Not healthy yet.</summary>
    Progressing = 2,

    /// <summary>Not there.</summary>
    Missing = 3,

    /// <summary>It failed, or did not become healthy in its time.</summary>
    Degraded = 4,

    /// <summary>It could not be judged.</summary>
    Unknown = 5,
}
