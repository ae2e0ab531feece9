namespace ClosedLoop.Alerting.Sinks;

/// <summary>The names of the labels that the sink writes, and what may be in one.</summary>
internal static class AlertLabels
{
    public const string Incident = "ClosedLoopIncident";
    public const string Watchdog = "ClosedLoopWatchdog";

    public static readonly string[] Own = ["alertname", "cause_kind", "cause", "gate", "repository", "branch", "environment", "source", "owner", "severity"];

    /// <summary>A label's value, one line of at most 600 characters; an empty one is left out, as Alertmanager would drop it.</summary>
    public static string Value(string? text) => SafeText.Line(text, 600);
}
