using ClosedLoop.Testing.Sandbox.Registry;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>An image and the commit that it was built from.</summary>
internal sealed class WorldVersion(WorldCommit commit, SandboxImage image)
{
    public WorldCommit Commit { get; } = commit;

    public SandboxImage Image { get; } = image;

    /// <summary>Marked bad: it must not be rolled out again.</summary>
    public bool IsVetoed { get; set; }
}
