namespace ClosedLoop.Adapters.GitLab.Webhooks;

/// <summary>Checks what is configured: the secret token, the signature, or both.</summary>
internal sealed class GitLabAuthenticator : IWebhookAuthenticator
{
    public const string TokenHeader = "X-Gitlab-Token";

    private readonly SharedSecretAuthenticator[] _tokens;
    private readonly StandardWebhooksAuthenticator? _signature;

    public GitLabAuthenticator(GitLabOptions options)
    {
        _tokens = [.. new[] { options.WebhookToken, options.PreviousWebhookToken }.OfType<string>().Select(static t => new SharedSecretAuthenticator(TokenHeader, t))];
        byte[][] keys = [.. new[] { options.SigningToken, options.PreviousSigningToken }.OfType<string>().Select(static t => SigningKey.Read(t)!)];
        _signature = keys.Length > 0 ? new StandardWebhooksAuthenticator(keys) : null;
    }

    public bool IsAuthentic(in WebhookDelivery delivery)
    {
        if (_tokens.Length == 0 && _signature is null) return false;
        if (_signature is not null && !_signature.IsAuthentic(delivery)) return false;
        if (_tokens.Length == 0) return true;
        bool authentic = false;
        foreach (var token in _tokens) authentic |= token.IsAuthentic(delivery);
        return authentic;
    }
}
