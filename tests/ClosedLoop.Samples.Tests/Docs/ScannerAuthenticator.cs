using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Adapters;

namespace ClosedLoop.Samples.Tests.Docs;

internal sealed class ScannerAuthenticator(string secret) : IWebhookAuthenticator
{
    private readonly byte[] _secret = Encoding.UTF8.GetBytes(secret);

    public bool IsAuthentic(in WebhookDelivery delivery) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(delivery.Header("X-Scanner-Token") ?? ""), _secret);
}
