using System.Text.Json.Serialization;

namespace ClosedLoop.Alerting.Incidents;

/// <summary>Where an incident stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IncidentState>))]
public enum IncidentState
{
    /// <summary>Its cause holds, and people are told of it.</summary>
    Firing = 0,

    /// <summary>A named person has taken it: repetitions stop, a higher severity is still told.</summary>
    Acknowledged = 1,

    /// <summary>A named person asked for quiet until an instant; when its cause still holds then, it fires again.</summary>
    Silenced = 2,

    /// <summary>A named person closed it while its cause still held: quiet until the cause is gone, and a later one is a new incident.</summary>
    Closed = 3,

    /// <summary>Its cause is gone, seen so on several looks in a row.</summary>
    Resolved = 4,
}
