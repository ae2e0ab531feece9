using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Intake;

namespace ClosedLoop.LoadRig.Ingest;

/// <summary>A source that can be polled but has nothing new: with it, each delivery also costs the due rows that it costs in earnest.</summary>
internal sealed class SilentSource : IProbe
{
    private const string Name = "rig";

    public static AdapterRegistration Registration() => new() { Name = Name, Writers = [new Writer(WriterRoles.Ci, Name)], Probe = new SilentSource(), ProbeSchemes = [KeySchemes.PullRequest] };

    public static Submission Delivery(Fact fact, string id) => new()
    {
        Source = Name,
        DeliveryId = id,
        ReceivedAt = fact.OccurredAt,
        Facts = [fact],
        Writers = [fact.Writer],
        Hints = [fact.Subject],
    };

    public ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken) => ValueTask.FromResult(ProbeResult.Reached([]));
}
