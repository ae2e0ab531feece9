namespace ClosedLoop.Simulation.Tests.World;

/// <summary>An image of a commit: an index, and the manifest of the platform that runs.</summary>
internal sealed record Image(string Index, string Platform, LineCommit Commit, DateTimeOffset At);
