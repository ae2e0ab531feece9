namespace ClosedLoop.Adapters.Kubernetes.Rollouts;

/// <summary>How far a rollout got; the order is that of finality within one generation.</summary>
internal enum RolloutStage
{
    /// <summary>Nothing can be said.</summary>
    Unknown = 0,

    /// <summary>The new version does not serve yet.</summary>
    Started = 1,

    /// <summary>The new version serves, and so does another.</summary>
    Mixed = 2,

    /// <summary>It did not get done in its time.</summary>
    Failed = 3,

    /// <summary>Only the new version serves.</summary>
    Complete = 4,

    /// <summary>It was scaled to nothing, and nothing runs.</summary>
    Empty = 5,
}
