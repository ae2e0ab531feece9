using System.Text.Json.Serialization;

namespace ClosedLoop.Alerting.Incidents;

/// <summary>Why a notice is sent.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IncidentNoticeKind>))]
public enum IncidentNoticeKind
{
    /// <summary>The incident is new, or fires again after it was resolved.</summary>
    Fired = 0,

    /// <summary>It still fires, and the time to say so again has come.</summary>
    Repeated = 1,

    /// <summary>It became more severe.</summary>
    Escalated = 2,

    /// <summary>A named person has taken it.</summary>
    Acknowledged = 3,

    /// <summary>Its cause is gone, or a named person closed it. The last notice until it fires again.</summary>
    Resolved = 4,
}
