using System.Text.Json;

namespace ClosedLoop.Adapters.Oci;

/// <summary>An image's configuration: its labels, and when it was made.</summary>
internal static class ImageConfig
{
    public static bool IsOne(JsonElement root) => root.Member("rootfs") is { ValueKind: JsonValueKind.Object };

    public static ImageLabels Read(JsonElement root, string? buildLabel)
    {
        var labels = ImageLabels.Read(root.Member("config", "Labels") ?? default, CommitClaim.Label, buildLabel);
        return labels with { CreatedAt = ImageLabels.Plausible(root.Time("created")) ?? labels.CreatedAt };
    }
}
