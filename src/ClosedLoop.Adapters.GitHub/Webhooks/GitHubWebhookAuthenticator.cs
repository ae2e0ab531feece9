using System.Security.Cryptography;
using System.Text;

namespace ClosedLoop.Adapters.GitHub.Webhooks;

/// <summary>Checks <c>X-Hub-Signature-256</c>: HMAC-SHA256 of the raw bytes, in constant time. The older SHA-1 header is not read.</summary>
internal sealed class GitHubWebhookAuthenticator : IWebhookAuthenticator
{
    public const string Header = "X-Hub-Signature-256";

    private const string Prefix = "sha256=";
    private readonly byte[][] _secrets;

    public GitHubWebhookAuthenticator(string secret, string? previous)
    {
        _secrets = previous is null ? [Encoding.UTF8.GetBytes(secret)] : [Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(previous)];
    }

    public bool IsAuthentic(in WebhookDelivery delivery)
    {
        string? header = delivery.Header(Header);
        if (header is null || header.Length != Prefix.Length + (SHA256.HashSizeInBytes * 2) || !header.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        if (Convert.FromHexString(header.AsSpan(Prefix.Length), given, out _, out int written) != System.Buffers.OperationStatus.Done || written != given.Length) return false;
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        bool authentic = false;
        foreach (byte[] secret in _secrets)
        {
            HMACSHA256.HashData(secret, delivery.Body.Span, expected);
            authentic |= CryptographicOperations.FixedTimeEquals(given, expected);
        }
        return authentic;
    }
}
