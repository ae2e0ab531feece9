namespace ClosedLoop.Adapters.Oci;

/// <summary>Names of image repositories and tags, by the rules of the OCI distribution specification.</summary>
internal static class ImageRepository
{
    public const int MaxTagLength = 128;

    private const int MaxNameLength = 255;

    /// <summary>The name in lower case, or null when it is none.</summary>
    public static string? Normalize(string? name)
    {
        if (name?.Trim().Trim('/').ToLowerInvariant() is not { Length: > 0 and <= MaxNameLength } text) return null;
        foreach (string part in text.Split('/'))
            if (part.Length == 0 || !IsAlphanumeric(part[0]) || !IsAlphanumeric(part[^1]) || !part.All(static c => IsAlphanumeric(c) || c is '.' or '_' or '-')) return null;
        return text;
    }

    public static bool IsTag(string tag) =>
        tag.Length is > 0 and <= MaxTagLength && tag[0] is not ('.' or '-') && tag.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    /// <summary>Whether a tag stands for what belongs to an image (a signature, an attestation, its referrers) and is none itself.</summary>
    public static bool IsAttachmentTag(string tag) =>
        tag.StartsWith("sha256-", StringComparison.Ordinal) && tag.Length >= 71 && Digest.IsHex(tag.AsSpan(7, 64));

    private static bool IsAlphanumeric(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
}
