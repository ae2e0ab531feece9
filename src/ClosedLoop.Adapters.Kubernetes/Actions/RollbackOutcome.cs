namespace ClosedLoop.Adapters.Kubernetes.Actions;

/// <summary>What became of a rollback.</summary>
public enum RollbackOutcome
{
    /// <summary>The workload was changed back; its rollout begins now. The gates follow when its pods run.</summary>
    RolledBack = 0,

    /// <summary>The workload already has that revision's template; nothing was changed.</summary>
    Skipped = 1,

    /// <summary>It may not be done, or cannot be: see the message. Nothing was changed.</summary>
    Refused = 2,

    /// <summary>The API server could not be reached or refused; what it had already done is not known when it broke off after the change was sent.</summary>
    Failed = 3,
}
