using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Signs posts as Standard Webhooks says: HMAC-SHA256 over id, seconds and body with dots between.</summary>
internal sealed class WebhookSigner(IEnumerable<string> secrets)
{
    public const string SecretPrefix = "whsec_";
    private const int MaxIdLength = 255;

    private readonly byte[][] _keys = [.. secrets.Select(static s => Key(s) ?? throw new ArgumentException("Not a secret.", nameof(secrets)))];

    /// <summary>The bytes of a secret; null when it is none.</summary>
    public static byte[]? Key(string? secret)
    {
        if (secret is null || !secret.StartsWith(SecretPrefix, StringComparison.Ordinal) || secret.Length > 200) return null;
        byte[] key = new byte[200];
        return Convert.TryFromBase64String(secret[SecretPrefix.Length..], key, out int length) && length is >= 24 and <= 64 ? key[..length] : null;
    }

    /// <summary>A signature of each secret, with spaces between.</summary>
    public string Sign(string id, long unixSeconds, ReadOnlySpan<byte> body)
    {
        byte[] head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{unixSeconds}."));
        byte[] signed = [.. head, .. body];
        return string.Join(' ', _keys.Select(key => "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed))));
    }

    /// <summary>An id that a header can hold, and without the dot that ends it in what is signed. The same key gives the same id.</summary>
    public static string Id(string idempotencyKey)
    {
        var id = new StringBuilder("ntc_", idempotencyKey.Length + 4);
        foreach (byte b in Encoding.UTF8.GetBytes(idempotencyKey))
        {
            char c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '/' or ':' or '@') id.Append(c);
            else id.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }
        return id.Length <= MaxIdLength ? id.ToString() : "ntc_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(idempotencyKey)));
    }
}
