namespace ClosedLoop.Adapters.Jenkins;

/// <summary>Reads the configured jobs' builds from the JSON API. Safe from several threads.</summary>
internal sealed class JenkinsProbe(JenkinsSettings settings, JenkinsClient client) : IProbe
{
    private readonly StageSupport _stages = new();

    public async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var look = new JenkinsLook(settings, client, _stages, batch);
        return await look.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
