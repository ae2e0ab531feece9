using ClosedLoop.Testing.Sandbox.Registry;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>An image and the commit that it was built from.</summary>
internal sealed class WorldVersion(WorldCommit commit, SandboxImage image)
{
    public WorldCommit Commit { get; } = commit;

    public SandboxImage Image { get; } = image;

    /// <summary>It turned out bad: it is not rolled out again.</summary>
    public bool IsBad { get; set; }

    /// <summary>It is marked bad in the system under test, too.</summary>
    public bool IsVetoed { get; set; }
}
