using ClosedLoop.Alerting.Incidents;
using ClosedLoop.AspNetCore.Dashboard.Text;

namespace ClosedLoop.AspNetCore.Dashboard.Stuck;

/// <summary>How incidents are shown. Pure.</summary>
internal static class IncidentMarks
{
    public static StatusMark Severity(Incident incident) => incident switch
    {
        { IsOpen: false } => new(Icons.Passed, "resolved", Tone.Good),
        { Severity: IncidentSeverity.Critical } => new(Icons.Failed, "critical", Tone.Bad),
        { Severity: IncidentSeverity.Error } => new(Icons.Warning, "error", Tone.Bad),
        _ => new(Icons.Warning, "warning", Tone.Warn),
    };

    public static StatusMark State(Incident incident) => incident.State switch
    {
        IncidentState.Firing => new(Icons.Late, "firing", Tone.Bad),
        IncidentState.Acknowledged => new(Icons.Hand, "acknowledged", Tone.Busy),
        IncidentState.Silenced => new(Icons.Waived, "silenced", Tone.Quiet),
        IncidentState.Closed => new(Icons.None, "closed by hand", Tone.Quiet),
        _ => new(Icons.Passed, "resolved", Tone.Good),
    };

    /// <summary>What the kind of cause is called over its incidents.</summary>
    public static string Kind(string kind) => kind switch
    {
        CauseKinds.Line => "Lines that are red or late",
        CauseKinds.Environment => "Environments",
        CauseKinds.Gate => "Gates that wait",
        CauseKinds.Configuration => "Configuration",
        CauseKinds.Source => "Sources that cannot be reached",
        CauseKinds.Sink => "Sinks that take no notices",
        CauseKinds.NotDone => "Merged and not done",
        CauseKinds.RisingWip => "More comes in than leaves",
        _ => "Other causes",
    };
}
