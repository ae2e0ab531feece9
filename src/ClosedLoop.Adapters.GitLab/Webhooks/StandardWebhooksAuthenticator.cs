using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClosedLoop.Adapters.GitLab.Webhooks;

/// <summary>
/// Checks the signature of Standard Webhooks (wire.md 4): HMAC-SHA256 over <c>{webhook-id}.{webhook-timestamp}.{raw body}</c>, in base64 after
/// <c>v1,</c>. Of several signatures one must be right. A time more than five minutes off is refused, so that a delivery that was listened to
/// cannot be sent again later.
/// </summary>
internal sealed class StandardWebhooksAuthenticator(IReadOnlyList<byte[]> keys) : IWebhookAuthenticator
{
    public const string IdHeader = "webhook-id", TimestampHeader = "webhook-timestamp", SignatureHeader = "webhook-signature";
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string Version = "v1,";
    private const int MaxSignatures = 10, MaxIdLength = 256;

    public bool IsAuthentic(in WebhookDelivery delivery)
    {
        if (delivery.Header(IdHeader) is not { Length: > 0 and <= MaxIdLength } id || delivery.Header(TimestampHeader) is not { Length: > 0 and <= 20 } timestamp || delivery.Header(SignatureHeader) is not { Length: > 0 } given) return false;
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)) return false;
        long off = delivery.ReceivedAt.ToUnixTimeSeconds() - seconds;
        if (off > (long)Tolerance.TotalSeconds || off < -(long)Tolerance.TotalSeconds) return false;

        byte[] prefix = Encoding.UTF8.GetBytes($"{id}.{timestamp}.");
        Span<byte> computed = stackalloc byte[HMACSHA256.HashSizeInBytes], shown = stackalloc byte[HMACSHA256.HashSizeInBytes];
        bool authentic = false;
        foreach (byte[] key in keys)
        {
            using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
            hmac.AppendData(prefix);
            hmac.AppendData(delivery.Body.Span);
            hmac.GetHashAndReset(computed);
            int seen = 0;
            foreach (var range in given.AsSpan().Split(' '))
            {
                var signature = given.AsSpan(range);
                if (!signature.StartsWith(Version, StringComparison.Ordinal) || seen++ >= MaxSignatures) continue;
                if (Base64.IsValid(signature[Version.Length..], out int length) && length == shown.Length && Convert.TryFromBase64Chars(signature[Version.Length..], shown, out _))
                    authentic |= CryptographicOperations.FixedTimeEquals(shown, computed);
            }
        }
        return authentic;
    }
}
