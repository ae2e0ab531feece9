namespace ClosedLoop.Adapters.GitOps;

/// <summary>Which cluster's Kustomizations and HelmReleases count.</summary>
public sealed class FluxOptions : GitOpsOptions
{
    /// <summary>Makes options with their defaults.</summary>
    public FluxOptions()
        : base(FluxAdapter.Name)
    {
    }

    /// <summary>
    /// Whether an event of success also says that the objects are healthy: set it where every Kustomization that counts has <c>wait: true</c> or health checks, which
    /// events do not tell. The default is false. Objects that are read tell by themselves.
    /// </summary>
    public bool EventsIncludeHealth { get; set; }
}
