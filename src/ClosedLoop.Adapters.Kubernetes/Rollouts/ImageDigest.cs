namespace ClosedLoop.Adapters.Kubernetes.Rollouts;

/// <summary>Reads digests out of the forms that runtimes and templates write. Pure.</summary>
internal static class ImageDigest
{
    private const string Algorithm = "sha256:";
    private const int HexDigits = 64;

    /// <summary>
    /// The digest in a container's <c>imageID</c>, or null: <c>docker-pullable://name@sha256:…</c>, <c>docker://sha256:…</c>,
    /// <c>name@sha256:…</c> or a bare one. It is empty until the image was pulled.
    /// </summary>
    /// <remarks>It may be the digest of the index, of the platform's manifest or of the config, depending on the runtime: the registry's facts link them.</remarks>
    public static string? OfImageId(string? imageId)
    {
        if (string.IsNullOrEmpty(imageId)) return null;
        int scheme = imageId.IndexOf("://", StringComparison.Ordinal);
        var rest = scheme < 0 ? imageId.AsSpan() : imageId.AsSpan(scheme + 3);
        int at = rest.LastIndexOf('@');
        return Digest(at < 0 ? rest : rest[(at + 1)..]);
    }

    /// <summary>The digest by which a template pins an image (<c>name@sha256:…</c>), or null.</summary>
    public static string? OfPinned(string? image)
    {
        int at = image?.LastIndexOf('@') ?? -1;
        return at <= 0 ? null : Digest(image.AsSpan(at + 1));
    }

    private static string? Digest(ReadOnlySpan<char> text)
    {
        if (text.Length != Algorithm.Length + HexDigits || !text.StartsWith(Algorithm, StringComparison.Ordinal)) return null;
        foreach (char c in text[Algorithm.Length..])
            if (!char.IsAsciiHexDigit(c))
                return null;
        return text.ToString().ToLowerInvariant();
    }
}
