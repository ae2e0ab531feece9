using System.Diagnostics.CodeAnalysis;

namespace ClosedLoop.Testing.Sandbox.Registry;

/// <summary>What the simulated registry holds.</summary>
internal sealed class RegistryState
{
    private readonly Dictionary<string, List<SandboxImage>> _images = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Repository, string Reference), SandboxImage> _manifests = [];
    private readonly Dictionary<(string Repository, string Digest), byte[]> _blobs = [];

    public void Push(SandboxImage image)
    {
        if (!_images.TryGetValue(image.Repository, out var images)) _images[image.Repository] = images = [];
        images.Add(image);
        _blobs[(image.Repository, image.ConfigDigest)] = image.Config;
        _blobs[(image.Repository, image.LayerDigest)] = image.Layer;
        _manifests[(image.Repository, image.Digest)] = image;
        _manifests[(image.Repository, image.Tag)] = image;
    }

    public IEnumerable<string> Tags(string repository) => _images.TryGetValue(repository, out var images) ? images.Select(static i => i.Tag) : [];

    public bool TryFindManifest(string repository, string reference, [NotNullWhen(true)] out SandboxImage? image) => _manifests.TryGetValue((repository, reference), out image);

    public bool TryFindBlob(string repository, string digest, [NotNullWhen(true)] out byte[]? blob) => _blobs.TryGetValue((repository, digest), out blob);
}
