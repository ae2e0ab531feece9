namespace ClosedLoop.Adapters.CDEvents.Incoming;

/// <summary>Whether a delivery knows a secret: in a header, or as the body's signature. Either proves it.</summary>
internal sealed class SecretCheck : IEquatable<SecretCheck>
{
    public const string TokenHeader = "X-ClosedLoop-Token";
    public const string SignatureHeader = "X-ClosedLoop-Signature";
    public const string SignaturePrefix = "sha256=";

    private readonly string _secret;
    private readonly SharedSecretAuthenticator _token, _bearer;
    private readonly HmacAuthenticator _signature;

    public SecretCheck(string secret)
    {
        _secret = secret;
        _token = new SharedSecretAuthenticator(TokenHeader, secret);
        _bearer = new SharedSecretAuthenticator("Authorization", "Bearer " + secret);
        _signature = new HmacAuthenticator(SignatureHeader, SignaturePrefix, secret);
    }

    public bool Knows(in WebhookDelivery delivery) => _token.IsAuthentic(delivery) || _bearer.IsAuthentic(delivery) || _signature.IsAuthentic(delivery);

    public bool Equals(SecretCheck? other) => other is not null && _secret == other._secret;

    public override bool Equals(object? obj) => Equals(obj as SecretCheck);

    public override int GetHashCode() => _secret.GetHashCode(StringComparison.Ordinal);

    // Not the secret, wherever this may be printed.
    public override string ToString() => nameof(SecretCheck);
}
