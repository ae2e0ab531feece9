using System.Security.Cryptography;
using System.Text;

namespace ClosedLoop.Adapters;

/// <summary>Compares a header with a secret that only the sender knows, in constant time: for systems that cannot sign what they send.</summary>
/// <remarks>Safe from several threads.</remarks>
public sealed class SharedSecretAuthenticator : IWebhookAuthenticator
{
    /// <summary>The fewest characters of a secret: 16.</summary>
    public const int MinSecretLength = 16;

    private const int MaxGivenLength = 4096;

    private readonly string _header;

    // Hashes have one length, so the comparison takes the same time for a value of any length.
    private readonly byte[] _expected;

    /// <summary>Makes the check.</summary>
    /// <param name="header">The header's name, such as <c>X-Gitlab-Token</c> or <c>Authorization</c>.</param>
    /// <param name="value">The whole value that it must have, such as the secret itself, or <c>Bearer </c> and the secret.</param>
    /// <exception cref="ArgumentException">The value is shorter than <see cref="MinSecretLength"/>.</exception>
    public SharedSecretAuthenticator(string header, string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(header);
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length < MinSecretLength) throw new ArgumentException($"The secret in {header} is shorter than {MinSecretLength} characters; use a random one of 32 letters and digits.", nameof(value));
        _header = header;
        _expected = SHA256.HashData(Encoding.UTF8.GetBytes(value));
    }

    /// <inheritdoc/>
    public bool IsAuthentic(in WebhookDelivery delivery)
    {
        if (delivery.Header(_header) is not { Length: > 0 and <= MaxGivenLength } given) return false;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(given), hash);
        return CryptographicOperations.FixedTimeEquals(hash, _expected);
    }
}
