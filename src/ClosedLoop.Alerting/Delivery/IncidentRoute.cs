using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Alerting.Delivery;

/// <summary>Which sinks are told of which incidents. What is not set matches everything.</summary>
public sealed record IncidentRoute
{
    /// <summary>The sinks' names. Required; each must be a sink that was added.</summary>
    public required IReadOnlyList<string> Sinks { get; init; }

    /// <summary>Only these kinds of cause; see <see cref="CauseKinds"/>.</summary>
    public IReadOnlyList<string>? CauseKinds { get; init; }

    /// <summary>Only these gates.</summary>
    public IReadOnlyList<string>? Gates { get; init; }

    /// <summary>Only these repositories, <c>owner/name</c>, or patterns with a trailing <c>*</c>.</summary>
    public IReadOnlyList<string>? Repositories { get; init; }

    /// <summary>Only these owners.</summary>
    public IReadOnlyList<string>? Owners { get; init; }

    /// <summary>Only from this severity on. An incident that reaches it later is told from then on.</summary>
    public IncidentSeverity AtLeast { get; init; }

    internal bool Matches(Incident incident) =>
        incident.Severity >= AtLeast
        && (CauseKinds is null || CauseKinds.Contains(incident.CauseKind, StringComparer.Ordinal))
        && (Gates is null || (incident.Gate is { } gate && Gates.Contains(gate, StringComparer.Ordinal)))
        && (Repositories is null || (incident.Repository is { } repository && Repositories.Any(pattern => NamePattern.Matches(pattern, repository))))
        && (Owners is null || (incident.Owner is { } owner && Owners.Contains(owner, StringComparer.Ordinal)));
}
