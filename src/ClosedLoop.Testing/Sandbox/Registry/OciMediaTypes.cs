namespace ClosedLoop.Testing.Sandbox.Registry;

internal static class OciMediaTypes
{
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    public const string Index = "application/vnd.oci.image.index.v1+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string Config = "application/vnd.oci.image.config.v1+json";
    public const string Layer = "application/vnd.oci.image.layer.v1.tar+gzip";

    /// <summary>What a reader of manifests must accept: a registry hides or converts what is left out (wire.md 5.2).</summary>
    public static readonly string[] Manifests = [Manifest, Index, DockerManifest, DockerList];
}
