namespace ClosedLoop.Adapters.Gitea.Webhooks;

/// <summary>
/// Checks the signature: HMAC-SHA256 of the raw body in bare hexadecimal digits in <c>X-Forgejo-Signature</c>, <c>X-Gitea-Signature</c> or
/// <c>X-Gogs-Signature</c>, or with <c>sha256=</c> in <c>X-Hub-Signature-256</c>, whichever the sender has first. Without a secret the headers are sent
/// too, and empty: that is not authentic. The older SHA-1 header is not read.
/// </summary>
internal sealed class GiteaAuthenticator : IWebhookAuthenticator
{
    private static readonly (string Header, string Prefix)[] Forms = [("X-Forgejo-Signature", ""), ("X-Gitea-Signature", ""), ("X-Gogs-Signature", ""), ("X-Hub-Signature-256", "sha256=")];

    private readonly (string Header, HmacAuthenticator[] Checks)[] _checks;

    public GiteaAuthenticator(string secret, string? previous)
    {
        string[] secrets = previous is null ? [secret] : [secret, previous];
        _checks = [.. Forms.Select(form => (form.Header, secrets.Select(s => new HmacAuthenticator(form.Header, form.Prefix, s)).ToArray()))];
    }

    public bool IsAuthentic(in WebhookDelivery delivery)
    {
        foreach (var (header, checks) in _checks)
        {
            if (delivery.Header(header) is null) continue;
            // The first header that is there decides: they are all of one body and one secret.
            bool authentic = false;
            foreach (var check in checks) authentic |= check.IsAuthentic(delivery);
            return authentic;
        }
        return false;
    }
}
