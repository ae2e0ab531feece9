namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>What happens at a target while a version comes to it.</summary>
internal enum RolloutStep
{
    /// <summary>It is asked for.</summary>
    Applied,

    /// <summary>It is being started, and does not serve yet.</summary>
    Started,

    /// <summary>It serves beside the one before.</summary>
    Mixed,

    /// <summary>It did not come up.</summary>
    Failed,

    /// <summary>Nothing else serves.</summary>
    Complete,

    /// <summary>A check of what serves has passed.</summary>
    Verified,

    /// <summary>A check of what serves has failed.</summary>
    Unhealthy,
}
