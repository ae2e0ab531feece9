using ClosedLoop.AspNetCore.Dashboard.Text;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.AspNetCore.Dashboard.Lines;

/// <summary>How lines, their commits and what runs of them are shown. Pure.</summary>
internal static class LineMarks
{
    public static StatusMark Of(LineGate gate) => gate.Status switch
    {
        GateStatus.Passed => new(Icons.Passed, "green", Tone.Good),
        GateStatus.Failed => new(Icons.Failed, "red", Tone.Bad),
        GateStatus.Running => new(Icons.Running, "running", Tone.Busy),
        _ => new(Icons.Waiting, "no verdict", Tone.Quiet),
    };

    /// <summary>What evidence about this very commit says; none is shown as none.</summary>
    public static StatusMark Of(CommitGate? gate) => gate is null ? new(Icons.None, "not checked itself", Tone.Quiet) : GateMarks.Of(gate.Status, gate.Reason);

    public static StatusMark Health(LineTarget target) => target switch
    {
        { Running.Count: 0 } => new(Icons.Blind, "nothing known to run", Tone.Warn),
        { Health: null } => new(Icons.Blind, "not checked since it runs", Tone.Quiet),
        { Health.Status: GateStatus.Passed } => new(Icons.Passed, "healthy", Tone.Good),
        { Health.Status: GateStatus.Failed } => new(Icons.Failed, "unhealthy", Tone.Bad),
        _ => new(Icons.Running, "being checked", Tone.Busy),
    };

    public static string Name(LineTarget target) => (target.Environment, target.Name) switch
    {
        ("", "") => "unnamed target",
        ("", var name) => name,
        (var environment, "") => environment,
        var (environment, name) => $"{environment}/{name}",
    };

    public static string Behind(long? commits) => commits switch
    {
        null => "place on the line unknown",
        0 => "the newest commit",
        1 => "1 commit behind",
        { } many => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{many:N0} commits behind"),
    };
}
