using ClosedLoop.Adapters.Kubernetes.Rollouts;

namespace ClosedLoop.Adapters.Kubernetes.Tests.Rollouts;

public sealed class ImageDigestTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("docker-pullable://registry.acme.example/web@sha256:" + Hex, true)]
    [InlineData("docker://sha256:" + Hex, true)]
    [InlineData("registry.acme.example/web@sha256:" + Hex, true)]
    [InlineData("sha256:" + Hex, true)]
    [InlineData("registry.acme.example:5000/web:1@sha256:" + Hex, true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("registry.acme.example/web:1", false)]
    [InlineData("sha256:0123", false)]
    [InlineData("sha512:" + Hex + Hex, false)]
    [InlineData("sha256:" + Hex + "0", false)]
    [InlineData("web@sha256:z123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", false)]
    public void The_digest_is_read_from_every_form_that_runtimes_write(string? imageId, bool isDigest) =>
        Assert.Equal(isDigest ? "sha256:" + Hex : null, ImageDigest.OfImageId(imageId));

    [Fact]
    public void Only_an_image_with_a_name_and_a_digest_is_pinned()
    {
        Assert.Equal("sha256:" + Hex, ImageDigest.OfPinned("web:1@sha256:" + Hex.ToUpperInvariant().Replace("SHA256", "sha256", StringComparison.Ordinal)));
        Assert.Null(ImageDigest.OfPinned("web:1"));
        Assert.Null(ImageDigest.OfPinned("sha256:" + Hex));
    }
}
