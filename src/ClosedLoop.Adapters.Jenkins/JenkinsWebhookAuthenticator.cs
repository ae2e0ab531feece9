using System.Security.Cryptography;
using System.Text;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>
/// Compares the delivery's token with the configured one. Jenkins' notification plugin cannot sign a body, so that the token in the
/// notification's URL is all that proves where it comes from.
/// </summary>
internal sealed class JenkinsWebhookAuthenticator(string token) : IWebhookAuthenticator
{
    public const string HeaderName = "X-ClosedLoop-Token";

    private const int MaxTokenLength = 1024;

    // Hashes have one length, so the comparison takes the same time for a token of any length.
    private readonly byte[] _expected = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public bool IsAuthentic(in WebhookDelivery delivery)
    {
        string? given = delivery.Header(HeaderName) ?? BasicPassword(delivery.Header("Authorization")) ?? QueryToken(delivery.Query);
        if (given is null || given.Length > MaxTokenLength) return false;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(given), hash);
        return CryptographicOperations.FixedTimeEquals(hash, _expected);
    }

    // The plugin turns user:password@ in its URL into this header.
    private static string? BasicPassword(string? header)
    {
        const string Scheme = "Basic ";
        if (header is null || header.Length > MaxTokenLength * 2 || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        byte[] bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out int length)) return null;
        string pair = Encoding.UTF8.GetString(bytes, 0, length);
        int colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : pair[(colon + 1)..];
    }

    private static string? QueryToken(string? query)
    {
        foreach (string pair in (query ?? "").TrimStart('?').Split('&'))
            if (pair.StartsWith("token=", StringComparison.Ordinal))
                return Uri.UnescapeDataString(pair["token=".Length..]);
        return null;
    }
}
