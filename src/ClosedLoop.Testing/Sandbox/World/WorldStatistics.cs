namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>Counts what happened.</summary>
internal sealed class WorldStatistics
{
    public int Builds { get; set; }

    public int Cancelled { get; set; }

    public int Rollbacks { get; set; }

    public int Reverts { get; set; }

    public int ForcePushes { get; set; }

    /// <summary>The items that were merged or rolled out and are or were no longer.</summary>
    public HashSet<string> Regressed { get; } = new(StringComparer.Ordinal);
}
