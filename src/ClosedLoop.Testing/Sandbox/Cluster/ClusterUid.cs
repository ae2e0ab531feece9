using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.Cluster;

internal static class ClusterUid
{
    /// <summary>A uid that follows from what the object is.</summary>
    public static string Of(string what) => Guid.ParseExact(WorldDice.Sha("uid/" + what)[..32], "N").ToString();
}
