namespace ClosedLoop.Adapters.CDEvents;

/// <summary>Package URLs of container images: <c>pkg:oci/app@sha256%3A…?repository_url=…</c>, as CDEvents names artifacts.</summary>
internal static class PackageUrl
{
    private const string Algorithm = "sha256:";

    private const int MaxLength = 2_000;

    /// <summary>The image's digest, or null: a version that is no digest does not say which image it is.</summary>
    public static string? Digest(string? purl)
    {
        if (purl is null || purl.Length > MaxLength) return null;
        string text = purl.Trim();
        if (text.AsSpan().IndexOfAny('?', '#') is >= 0 and var end) text = text[..end];
        int at = text.LastIndexOf('@');
        return Read(Uri.UnescapeDataString(at < 0 ? text : text[(at + 1)..]));
    }

    /// <summary>The package URL of an image.</summary>
    public static string Of(string name, string digest) => $"pkg:oci/{Uri.EscapeDataString(name)}@{Uri.EscapeDataString(digest)}";

    // Some producers write the digest alone.
    private static string? Read(string digest) =>
        digest.Length == Algorithm.Length + 64 && digest.StartsWith(Algorithm, StringComparison.OrdinalIgnoreCase) && digest.AsSpan(Algorithm.Length).IndexOfAnyExcept(Hex) < 0 ? digest.ToLowerInvariant() : null;

    private static readonly System.Buffers.SearchValues<char> Hex = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");
}
