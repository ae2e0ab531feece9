namespace ClosedLoop.Adapters.Oci;

/// <summary>Reads the listed repositories' images. Safe from several threads.</summary>
internal sealed class OciProbe(OciSettings settings, RegistryClient client, AnnouncedImages announced) : IProbe
{
    private readonly RegistryMemory _memory = new();

    public async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var look = new RegistryLook(settings, client, announced, _memory, batch);
        return await look.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
