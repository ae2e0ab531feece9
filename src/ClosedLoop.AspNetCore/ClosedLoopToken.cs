using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ClosedLoop.AspNetCore;

/// <summary>Makes and hashes the bearer tokens of writers. Only hashes are configured, so that a leaked configuration lets nobody in. Safe from any thread.</summary>
public static class ClosedLoopToken
{
    private const string Prefix = "sha256:";

    /// <summary>Makes a token of 32 random bytes, 43 characters of base64url. Give it to the writer and keep only its hash.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Hashes a token for <see cref="ClosedLoopApiOptions.Writers"/>: <c>sha256:</c> and 64 hexadecimal digits.</summary>
    /// <remarks>Plain SHA-256 is enough for random tokens of 32 characters or more; it would not protect a password.</remarks>
    /// <exception cref="ArgumentException">The token is empty.</exception>
    public static string Hash(string token)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(token);
        return Prefix + Convert.ToHexStringLower(Digest(token));
    }

    internal static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Reads a configured hash; false when it is none, or the hash of the empty token.</summary>
    internal static bool TryReadHash(string? hash, out byte[] digest)
    {
        digest = [];
        if (hash is null || hash.Length != Prefix.Length + 64 || !hash.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        foreach (char c in hash.AsSpan(Prefix.Length))
            if (!char.IsAsciiHexDigit(c))
                return false;
        digest = Convert.FromHexString(hash.AsSpan(Prefix.Length));
        return !digest.AsSpan().SequenceEqual(Digest(""));
    }
}
