namespace ClosedLoop.Adapters.Oci;

/// <summary>The media types of what lies in a registry.</summary>
internal static class MediaTypes
{
    public const string InToto = "application/vnd.in-toto+json";

    private const string OciIndex = "application/vnd.oci.image.index.v1+json";
    private const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    private const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
    private const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>
    /// All of them, always: a registry that is asked for fewer answers 404 for an image that is there, or one that it converted and that has another digest (wire.md 5.2).
    /// </summary>
    public const string AcceptManifests = $"{OciIndex}, {OciManifest}, {DockerList}, {DockerManifest}";

    public static bool IsManifest(string? type) => type is OciIndex or OciManifest or DockerList or DockerManifest;

    public static bool IsIndex(string? type) => type is OciIndex or DockerList;

    /// <summary>Whether a configuration is that of an image, and not of a chart, a signature or another artifact.</summary>
    public static bool IsImageConfig(string? type) => type is "application/vnd.oci.image.config.v1+json" or "application/vnd.docker.container.image.v1+json";

    /// <summary>Whether a layer shows that the manifest is no image: a signature or an attestation.</summary>
    public static bool IsAttachment(string? type) =>
        type is not null && (type is InToto or "application/vnd.dev.cosign.simplesigning.v1+json" or "application/vnd.dsse.envelope.v1+json" || type.StartsWith("application/vnd.dev.sigstore.", StringComparison.Ordinal));
}
