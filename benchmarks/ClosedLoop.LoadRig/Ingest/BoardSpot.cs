namespace ClosedLoop.LoadRig.Ingest;

/// <summary>A place of the board; an empty text is none.</summary>
internal readonly record struct BoardSpot(string Pipeline, string CurrentGate, string FurthestGate, string WaitingOn, bool IsDone, bool IsAbandoned, string Migration);
