using ClosedLoop.Adapters;
using ClosedLoop.Facts;

namespace ClosedLoop.Cli.Tests.Support;

/// <summary>A source that is polled and has nothing to tell.</summary>
internal sealed class QuietProbe : IProbe
{
    public static AdapterRegistration Adapter() => new() { Name = "quiet", Writers = [new Writer(WriterRoles.SourceControl, "quiet")], Probe = new QuietProbe() };

    public ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken) => new(ProbeResult.Reached([]));
}
