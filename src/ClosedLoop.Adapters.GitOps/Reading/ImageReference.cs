using System.Collections.Immutable;

namespace ClosedLoop.Adapters.GitOps.Reading;

/// <summary>An image as a pod names it: <c>registry/name:tag@sha256:…</c>.</summary>
/// <param name="Name">Without tag and digest.</param>
/// <param name="Digest">The digest in lower case, or null: a tag does not say which image it is.</param>
internal readonly record struct ImageReference(string Name, string? Digest)
{
    private const string Algorithm = "sha256:";

    private const int MaxLength = 1_000;

    public static ImageReference? Read(string? text)
    {
        if (text is not { Length: > 0 and <= MaxLength }) return null;
        int at = text.IndexOf('@', StringComparison.Ordinal);
        string name = at < 0 ? text : text[..at];
        int tag = name.LastIndexOf(':');
        if (tag > name.LastIndexOf('/')) name = name[..tag];
        return new ImageReference(name, at < 0 ? null : DigestOf(text[(at + 1)..]));
    }

    public static string? DigestOf(string? text) =>
        text?.Trim() is { Length: 71 } digest && digest.StartsWith(Algorithm, StringComparison.OrdinalIgnoreCase) && digest.AsSpan(Algorithm.Length).IndexOfAnyExcept(Hex) < 0 ? digest.ToLowerInvariant() : null;

    /// <summary>Whether one of the images is there in two versions: old and new serve together.</summary>
    public static bool AreMixed(ImmutableArray<ImageReference> images) =>
        images.Where(static i => i.Digest is not null).GroupBy(static i => i.Name, StringComparer.Ordinal).Any(static g => g.Select(static i => i.Digest).Distinct(StringComparer.Ordinal).Skip(1).Any());

    private static readonly System.Buffers.SearchValues<char> Hex = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");
}
