namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>What happens to an environment, in the order in which it counts at one instant. Stored in two bits.</summary>
internal enum DeploymentEventKind
{
    /// <summary>A version was rolled out.</summary>
    Deployed = 0,

    /// <summary>What runs was verified.</summary>
    Verified = 1,

    /// <summary>A check failed, or the version was marked bad.</summary>
    Failed = 2,

    /// <summary>It went back to an earlier version, which ends what was wrong with the one before.</summary>
    WentBack = 3,
}
