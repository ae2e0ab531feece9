using System.Text.Json;

namespace ClosedLoop.Adapters.Oci;

/// <summary>A reference from one piece of content to another.</summary>
internal sealed record Descriptor(string Digest, string? MediaType, long? Size)
{
    /// <summary>It is an attestation of another manifest in the same index, as BuildKit attaches them.</summary>
    public bool IsAttestation { get; init; }

    /// <summary>Its platform is "unknown": no machine runs it.</summary>
    public bool IsUnknownPlatform { get; init; }

    public string? PredicateType { get; init; }

    public string? ArtifactType { get; init; }

    public static Descriptor? Read(JsonElement? json)
    {
        if (json is not { } element || Oci.Digest.Read(element.Text("digest")) is not { } digest) return null;
        return new Descriptor(digest, element.Text("mediaType"), element.Number("size"))
        {
            IsAttestation = element.Text("annotations", "vnd.docker.reference.type") is not null,
            IsUnknownPlatform = element.Text("platform", "architecture") == "unknown" && element.Text("platform", "os") == "unknown",
            PredicateType = element.Text("annotations", "in-toto.io/predicate-type"),
            ArtifactType = element.Text("artifactType"),
        };
    }
}
