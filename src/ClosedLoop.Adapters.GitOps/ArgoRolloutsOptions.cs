namespace ClosedLoop.Adapters.GitOps;

/// <summary>Which cluster's rollouts count.</summary>
public sealed class ArgoRolloutsOptions : GitOpsOptions
{
    /// <summary>Makes options with their defaults.</summary>
    public ArgoRolloutsOptions()
        : base(ArgoRolloutsAdapter.Name)
    {
    }
}
