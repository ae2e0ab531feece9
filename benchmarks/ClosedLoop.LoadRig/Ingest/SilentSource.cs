using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Intake;

namespace ClosedLoop.LoadRig.Ingest;

/// <summary>A source that can be polled but has nothing new: with it, each delivery also costs the due rows that it costs in earnest.</summary>
internal sealed class SilentSource : IProbe
{
    public const string Name = "rig";

    // A webhook comes after what it tells of.
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(2);

    public static AdapterRegistration Registration() => new() { Name = Name, Writers = [new Writer(WriterRoles.Ci, Name)], Probe = new SilentSource(), ProbeSchemes = [KeySchemes.PullRequest] };

    public static Submission Delivery(IReadOnlyList<Fact> facts, string id) => new()
    {
        Source = Name,
        DeliveryId = id,
        ReceivedAt = facts[0].OccurredAt + OnItsWay,
        Facts = [.. facts],
        Writers = [.. facts.Select(static f => f.Writer).Distinct()],
        Hints = [.. facts.Select(static f => f.Subject).Distinct()],
    };

    public ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken) => ValueTask.FromResult(ProbeResult.Reached([]));
}
