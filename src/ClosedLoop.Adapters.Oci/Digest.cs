using System.Buffers;
using System.Security.Cryptography;

namespace ClosedLoop.Adapters.Oci;

/// <summary>Digests of content, <c>sha256:</c> or <c>sha512:</c> and lower-case hexadecimal digits.</summary>
internal static class Digest
{
    private const string Sha256Prefix = "sha256:", Sha512Prefix = "sha512:";

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The digest, or null when the text is none that can be verified.</summary>
    public static string? Read(string? text) =>
        text is not null && ((text.Length == 71 && text.StartsWith(Sha256Prefix, StringComparison.Ordinal)) || (text.Length == 135 && text.StartsWith(Sha512Prefix, StringComparison.Ordinal))) &&
        IsHex(text.AsSpan(7)) ? text : null;

    /// <summary>Whether it is nothing but lower-case hexadecimal digits.</summary>
    public static bool IsHex(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(HexDigits) < 0;

    public static string Of(ReadOnlySpan<byte> content) => Sha256Prefix + Convert.ToHexStringLower(SHA256.HashData(content));

    public static bool IsOf(string digest, ReadOnlySpan<byte> content) =>
        digest.StartsWith(Sha512Prefix, StringComparison.Ordinal) ? digest == Sha512Prefix + Convert.ToHexStringLower(SHA512.HashData(content)) : digest == Of(content);
}
