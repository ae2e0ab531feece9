namespace ClosedLoop.Cli.Writing;

/// <summary>What the API takes for a waiver.</summary>
internal sealed record WaiverRequest(string Gate, string? Person, string Reason);
