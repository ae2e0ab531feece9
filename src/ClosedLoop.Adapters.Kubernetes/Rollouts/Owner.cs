using System.Text.Json;

namespace ClosedLoop.Adapters.Kubernetes.Rollouts;

/// <summary>Which object controls another.</summary>
internal static class Owner
{
    /// <summary>The uid of the controlling owner, or null. Labels do not tell: two Deployments may have overlapping selectors.</summary>
    public static string? UidOf(JsonElement json)
    {
        if (json.Member("metadata") is not { } about) return null;
        foreach (var owner in about.Elements("ownerReferences"))
            if (owner.Flag("controller") == true)
                return owner.Text("uid") is { Length: > 0 } uid ? uid : null;
        return null;
    }
}
