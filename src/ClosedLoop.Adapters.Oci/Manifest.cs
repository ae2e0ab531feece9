using System.Text.Json;

namespace ClosedLoop.Adapters.Oci;

/// <summary>A manifest or index, read by its form: its media type is only a hint of what it is.</summary>
internal sealed record Manifest(ManifestKind Kind, ImageLabels Annotations)
{
    /// <summary>The most children or layers that are read of one manifest.</summary>
    public const int MaxDescriptors = 200;

    /// <summary>Why it is neither image nor index.</summary>
    public string? Why { get; init; }

    public Descriptor? Config { get; init; }

    /// <summary>The layers of a manifest.</summary>
    public IReadOnlyList<Descriptor> Layers { get; init; } = [];

    /// <summary>The manifests of an index.</summary>
    public IReadOnlyList<Descriptor> Children { get; init; } = [];

    public static Manifest Read(JsonElement root, string? buildLabel)
    {
        var annotations = ImageLabels.Read(root.Member("annotations") ?? default, CommitClaim.Annotation, buildLabel);
        var other = new Manifest(ManifestKind.Other, annotations);
        if (root.ValueKind != JsonValueKind.Object) return other with { Why = "it is no JSON object" };
        if (root.Number("schemaVersion") == 1) return other with { Why = "it is of schema 1, which names no configuration" };
        bool isIndex = root.Member("manifests") is { ValueKind: JsonValueKind.Array };
        bool isManifest = root.Member("config") is { ValueKind: JsonValueKind.Object } || root.Member("layers") is not null;
        // A document that can be read as both has one digest and two meanings.
        if (isIndex == isManifest) return other with { Why = isIndex ? "it has both manifests and a configuration" : "it has neither manifests nor a configuration" };
        if (isIndex) return new Manifest(ManifestKind.Index, annotations) { Children = Descriptors(root, "manifests") };
        var layers = Descriptors(root, "layers");
        if (Descriptor.Read(root.Member("config")) is not { } config) return other with { Why = "its configuration has no digest" };
        bool isImage = MediaTypes.IsImageConfig(config.MediaType) && root.Text("artifactType") is null && !layers.Any(static l => MediaTypes.IsAttachment(l.MediaType));
        return new Manifest(isImage ? ManifestKind.Image : ManifestKind.Other, annotations)
        {
            Config = config,
            Layers = layers,
            Why = isImage ? null : "it is an artifact that is no image",
        };
    }

    private static List<Descriptor> Descriptors(JsonElement root, string name) =>
        [.. root.Elements(name).Take(MaxDescriptors).Select(static d => Descriptor.Read(d)).OfType<Descriptor>()];
}
