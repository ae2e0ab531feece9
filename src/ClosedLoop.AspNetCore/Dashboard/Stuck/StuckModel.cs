using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.AspNetCore.Dashboard.Stuck;

/// <summary>What holds items up.</summary>
internal sealed record StuckModel
{
    /// <summary>Whether the host groups what is stuck into incidents.</summary>
    public required bool HasAlerting { get; init; }

    /// <summary>Open incidents, the worst first.</summary>
    public IReadOnlyList<Incident> Open { get; init; } = [];

    /// <summary>Incidents that ended, the latest first.</summary>
    public IReadOnlyList<Incident> Ended { get; init; } = [];

    /// <summary>Items with a limit that ran out, when there are no incidents to show instead.</summary>
    public IReadOnlyList<LoopStatus> Overdue { get; init; } = [];
}
