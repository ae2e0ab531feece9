namespace ClosedLoop.Adapters.GitOps.Reading;

/// <summary>A delivery knows the secret: in a header, as a bearer token, or by Flux's signature over the body.</summary>
internal sealed class GitOpsWebhookAuthenticator(string secret) : IWebhookAuthenticator
{
    private readonly SharedSecretAuthenticator _token = new("X-ClosedLoop-Token", secret);
    private readonly SharedSecretAuthenticator _bearer = new("Authorization", "Bearer " + secret);
    private readonly HmacAuthenticator _signature = new("X-Signature", "sha256=", secret);

    public bool IsAuthentic(in WebhookDelivery delivery) => _token.IsAuthentic(delivery) || _bearer.IsAuthentic(delivery) || _signature.IsAuthentic(delivery);
}
