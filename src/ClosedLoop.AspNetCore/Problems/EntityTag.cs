using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;

namespace ClosedLoop.AspNetCore.Problems;

/// <summary>Entity tags by content (RFC 9110, 8.8.3 and 13.1.2).</summary>
internal static class EntityTag
{
    /// <summary>
    /// The tag of a body. Weak, although it is of the bytes: the host or a proxy may compress them on the way, and a strong tag must not
    /// be the same for two codings. Nothing is lost, since If-None-Match compares weakly.
    /// </summary>
    public static string Of(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return $"W/\"{Base64Url.EncodeToString(hash[..18])}\"";
    }

    /// <summary>Whether If-None-Match names the tag, or is <c>*</c>. What is not a list of tags names none: the body is then sent, which is never wrong.</summary>
    public static bool Matches(StringValues ifNoneMatch, string tag)
    {
        var opaque = Opaque(tag);
        foreach (string? header in ifNoneMatch)
        {
            var rest = header.AsSpan().Trim();
            if (rest is "*") return true;
            while (!rest.IsEmpty)
            {
                rest = rest.TrimStart(" \t,");
                if (rest.StartsWith("W/", StringComparison.Ordinal)) rest = rest[2..];
                if (rest is not ['"', ..]) break;
                int end = rest[1..].IndexOf('"');
                if (end < 0) break;
                if (rest[1..(end + 1)].SequenceEqual(opaque)) return true;
                rest = rest[(end + 2)..];
            }
        }
        return false;
    }

    private static ReadOnlySpan<char> Opaque(string tag) => tag.AsSpan(tag.IndexOf('"') + 1)[..^1];
}
