using ClosedLoop.Alerting.Causes;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Evaluation;

/// <summary>How bad a cause is: by its age, by how many it holds up, by how urgent they are. Pure.</summary>
internal static class SeverityRule
{
    public static IncidentSeverity Of(CauseView seen, AlertingOptions options, DateTimeOffset now)
    {
        var age = now - seen.Since;
        if (age >= options.CriticalAfter || seen.Count >= options.CriticalItems) return IncidentSeverity.Critical;
        bool urgent = seen.Priority is { } priority && options.UrgentPriorities.Contains(priority, StringComparer.OrdinalIgnoreCase);
        return age >= options.ErrorAfter || seen.Count >= options.ErrorItems || urgent ? IncidentSeverity.Error : IncidentSeverity.Warning;
    }

    /// <summary>When age alone makes it worse; null when it cannot get worse.</summary>
    public static DateTimeOffset? NextRise(Incident incident, AlertingOptions options) => incident.Severity switch
    {
        IncidentSeverity.Warning => incident.Since + options.ErrorAfter,
        IncidentSeverity.Error => incident.Since + options.CriticalAfter,
        _ => null,
    };

    public static TimeSpan RepeatEvery(IncidentSeverity severity, AlertingOptions options) => severity switch
    {
        IncidentSeverity.Critical => options.RepeatCriticalEvery,
        IncidentSeverity.Error => options.RepeatErrorEvery,
        _ => options.RepeatWarningEvery,
    };
}
