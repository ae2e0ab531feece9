using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>
/// The labels of an incident's alert that can change while it lasts: to Alertmanager it is another alert then, and the one before must be ended. The rest
/// of the labels follows from the cause.
/// </summary>
internal sealed record AlertIdentity(string Owner, string Severity)
{
    public static AlertIdentity Of(IncidentNotice notice, bool severityAsLabel) => new(AlertLabels.Value(notice.Owner), severityAsLabel ? notice.Severity.ToString().ToLowerInvariant() : "");

    /// <summary>Reads what <see cref="ToString"/> wrote; null for anything else.</summary>
    public static AlertIdentity? Read(string? handle) => handle?.IndexOf('|', StringComparison.Ordinal) is { } bar and >= 0 ? new(handle[(bar + 1)..], handle[..bar]) : null;

    public override string ToString() => $"{Severity}|{Owner}";
}
