using System.Security.Cryptography;
using System.Text;

namespace ClosedLoop.Adapters;

/// <summary>
/// Checks a header that holds the HMAC-SHA256 of the raw body in hexadecimal digits, in constant time. An empty or missing signature is not
/// authentic: some senders send the header without a secret (wire.md 3).
/// </summary>
/// <remarks>Safe from several threads.</remarks>
public sealed class HmacAuthenticator : IWebhookAuthenticator
{
    private readonly string _header;
    private readonly string _prefix;
    private readonly byte[] _key;

    /// <summary>Makes the check.</summary>
    /// <param name="header">The header's name, such as <c>X-Hub-Signature-256</c>.</param>
    /// <param name="prefix">What stands before the digits, such as <c>sha256=</c>; may be empty.</param>
    /// <param name="secret">The secret; at least <see cref="SharedSecretAuthenticator.MinSecretLength"/> characters.</param>
    /// <exception cref="ArgumentException">The secret is shorter than that.</exception>
    public HmacAuthenticator(string header, string prefix, string secret)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(header);
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentNullException.ThrowIfNull(secret);
        if (secret.Length < SharedSecretAuthenticator.MinSecretLength)
            throw new ArgumentException($"The secret behind {header} is shorter than {SharedSecretAuthenticator.MinSecretLength} characters; use a random one of 32 letters and digits.", nameof(secret));
        (_header, _prefix, _key) = (header, prefix, Encoding.UTF8.GetBytes(secret));
    }

    /// <inheritdoc/>
    public bool IsAuthentic(in WebhookDelivery delivery)
    {
        if (delivery.Header(_header) is not { } given || given.Length != _prefix.Length + (2 * HMACSHA256.HashSizeInBytes) || !given.StartsWith(_prefix, StringComparison.Ordinal)) return false;
        Span<byte> shown = stackalloc byte[HMACSHA256.HashSizeInBytes], computed = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (Convert.FromHexString(given.AsSpan(_prefix.Length), shown, out _, out int written) != System.Buffers.OperationStatus.Done || written != shown.Length) return false;
        HMACSHA256.HashData(_key, delivery.Body.Span, computed);
        return CryptographicOperations.FixedTimeEquals(shown, computed);
    }
}
