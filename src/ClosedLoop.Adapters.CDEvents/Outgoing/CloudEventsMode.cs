namespace ClosedLoop.Adapters.CDEvents;

/// <summary>How an event is put into an HTTP request.</summary>
public enum CloudEventsMode
{
    /// <summary>One JSON object with attributes and data, <c>application/cloudevents+json</c>.</summary>
    Structured = 0,

    /// <summary>Attributes in <c>ce-</c> headers, the event as the body, <c>application/json</c>.</summary>
    Binary = 1,
}
