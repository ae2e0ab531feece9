using ClosedLoop.Adapters.Kubernetes.Client;

namespace ClosedLoop.Adapters.Kubernetes.Probing;

/// <summary>Reads the configured namespaces. Safe from several threads.</summary>
internal sealed class KubernetesProbe(KubernetesSettings settings, KubernetesClient client) : IProbe
{
    private readonly SeenTargets _seen = new();

    public async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return await new ClusterLook(settings, client, _seen, batch).RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
