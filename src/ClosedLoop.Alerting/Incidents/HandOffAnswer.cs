using System.Text.Json.Serialization;

namespace ClosedLoop.Alerting.Incidents;

/// <summary>What an agent makes of an incident that it was handed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HandOffAnswer>))]
public enum HandOffAnswer
{
    /// <summary>It works on it; people are told when its time is over and the cause still holds.</summary>
    Accepted = 0,

    /// <summary>It cannot help: people are told at once.</summary>
    Declined = 1,
}
