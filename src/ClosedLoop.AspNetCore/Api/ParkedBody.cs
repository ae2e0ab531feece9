namespace ClosedLoop.AspNetCore.Api;

/// <summary>What was recorded is durable, and shows once the item is opened or a change of it is known.</summary>
internal sealed record ParkedBody(string Id, string Outcome, string Detail);
