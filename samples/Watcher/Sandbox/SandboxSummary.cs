namespace ClosedLoop.Samples.Watcher.Sandbox;

/// <summary>The one line that a timed run ends with.</summary>
internal sealed record SandboxSummary(
    int Items, int Done, double OverclaimMs, double StalenessP99Ms, int Lost, long DuplicatesIgnored, bool EqualToTruth,
    int Builds, int Coalesced, int Cancelled, int Rollbacks, int Reverts, int ForcePushes, int Regressed);
