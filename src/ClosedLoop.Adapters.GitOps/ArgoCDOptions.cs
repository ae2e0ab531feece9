namespace ClosedLoop.Adapters.GitOps;

/// <summary>Which Argo CD to listen to, and which of its applications count.</summary>
public sealed class ArgoCDOptions : GitOpsOptions
{
    /// <summary>Makes options with their defaults.</summary>
    public ArgoCDOptions()
        : base(ArgoCDAdapter.Name)
    {
    }

    /// <summary>Whether <see cref="GitOpsOptions.Address"/> is Argo CD's own API or that of its cluster. The default is <see cref="ArgoCDSource.Api"/>.</summary>
    public ArgoCDSource Source { get; set; }

    /// <summary>
    /// How long after a sync the health that did not change during it still may be that of before. The default is 1 minute, as in Argo CD's own trigger; 0 s to 1 hour.
    /// </summary>
    public TimeSpan SettleTime { get; set; } = TimeSpan.FromMinutes(1);
}
