namespace ClosedLoop.Adapters.GitOps.Reading;

/// <summary>What a source's revision names: a commit, or an artifact of an OCI registry.</summary>
/// <param name="Commit">The full commit id, or null.</param>
/// <param name="Digest">The artifact's digest, or null.</param>
internal readonly record struct SourceRevision(string? Commit, string? Digest)
{
    /// <summary>Reads <c>main@sha1:…</c>, the older <c>main/…</c>, <c>sha1:…</c>, a bare commit id, and <c>tag@sha256:…</c>.</summary>
    public static SourceRevision Read(string? text)
    {
        if (text is not { Length: > 0 and <= 500 }) return default;
        string last = text.Trim();
        if (last.LastIndexOf('@') is >= 0 and var at) last = last[(at + 1)..];
        else if (last.LastIndexOf('/') is >= 0 and var slash) last = last[(slash + 1)..];
        if (ImageReference.DigestOf(last) is { } digest) return new SourceRevision(null, digest);
        if (last.StartsWith("sha1:", StringComparison.OrdinalIgnoreCase)) last = last[5..];
        return last.Length == 40 && last.All(char.IsAsciiHexDigit) ? new SourceRevision(last.ToLowerInvariant(), null) : default;
    }
}
