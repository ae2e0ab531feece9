using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Adapters;

namespace ClosedLoop.Testing.Sandbox.Adapters;

/// <summary>Checks a header against what only the sender can have written, in constant time.</summary>
internal sealed class SharedSecret : IWebhookAuthenticator
{
    private readonly string _header;
    private readonly Func<ReadOnlyMemory<byte>, string> _expected;

    private SharedSecret(string header, Func<ReadOnlyMemory<byte>, string> expected) => (_header, _expected) = (header, expected);

    /// <summary>The header holds the secret itself.</summary>
    public static SharedSecret Bearer(string token) => new("Authorization", _ => "Bearer " + token);

    /// <summary>The header holds the HMAC of the raw bytes.</summary>
    public static SharedSecret Signature(string header, string secret)
    {
        byte[] key = Encoding.UTF8.GetBytes(secret);
        return new SharedSecret(header, body => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(key, body.Span)));
    }

    public bool IsAuthentic(in WebhookDelivery delivery) =>
        delivery.Header(_header) is { } shown && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), Encoding.UTF8.GetBytes(_expected(delivery.Body)));
}
