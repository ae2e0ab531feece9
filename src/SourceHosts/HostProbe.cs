using System.Collections.Concurrent;
using ClosedLoop.Adapters.GitHub.Probing;

namespace ClosedLoop.Adapters.SourceHosts;

/// <summary>Reads changes, commits and lines of a host. Safe from several threads; keeps each line's last head and each default branch in memory.</summary>
internal sealed class HostProbe(HostSettings settings, HostClient client, Func<HostSession, IHostReader> readerOf, int maxSegments) : IProbe
{
    private readonly HeadMemory _heads = new();
    private readonly ConcurrentDictionary<string, string> _defaults = new(StringComparer.Ordinal);

    public async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        var session = new HostSession(settings, client, batch.Allowance);
        return await new HostLook(session, readerOf(session), _heads, _defaults, maxSegments).ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
    }
}
