namespace ClosedLoop.LoadRig.Ingest;

/// <summary>An open item's row, and what a search finds it by.</summary>
internal sealed record OpenRow(long Place, string Pipeline, string CurrentGate, string? WaitingOn, string? Repository, string? Agent, string? Priority, long WaitingSince, long? NextDeadline, string Text);
