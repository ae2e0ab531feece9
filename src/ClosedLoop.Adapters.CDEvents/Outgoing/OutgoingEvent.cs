namespace ClosedLoop.Adapters.CDEvents.Outgoing;

/// <summary>One event as it is sent: the CDEvent and the attributes that a CloudEvent repeats.</summary>
internal sealed record OutgoingEvent(string Id, string Source, string Type, string Subject, string Time, byte[] Body);
