using System.Text.Json.Serialization;

namespace ClosedLoop.Alerting.Incidents;

/// <summary>How bad an incident is; it rises with its age and with how many items it holds up, and never falls before it is resolved.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IncidentSeverity>))]
public enum IncidentSeverity
{
    /// <summary>Somebody should know.</summary>
    Warning = 0,

    /// <summary>Somebody should act today.</summary>
    Error = 1,

    /// <summary>Somebody should act now.</summary>
    Critical = 2,
}
