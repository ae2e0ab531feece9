namespace ClosedLoop.Testing.Sandbox;

/// <summary>What has happened in a sandbox's world so far, counted by the world itself.</summary>
public sealed record SandboxStatistics
{
    /// <summary>Builds of target branches that were started.</summary>
    public int Builds { get; init; }

    /// <summary>Commits on target branches that have no build of their own (so far): a build of a newer one covers them.</summary>
    public int Coalesced { get; init; }

    /// <summary>Builds that were given up for a newer push.</summary>
    public int Cancelled { get; init; }

    /// <summary>Versions that were rolled back.</summary>
    public int Rollbacks { get; init; }

    /// <summary>Reverts that landed, reverts of reverts included.</summary>
    public int Reverts { get; init; }

    /// <summary>Times that somebody pushed over a main branch.</summary>
    public int ForcePushes { get; init; }

    /// <summary>Items that were merged or rolled out and then were not any more, at least for a while.</summary>
    public int Regressed { get; init; }
}
