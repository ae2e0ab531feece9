using System.Text;

namespace ClosedLoop.Adapters.Health;

/// <summary>Takes what Alertmanager's <c>http_config</c> sends: a bearer token, or a user and a password. All are compared, so that the time does not tell which.</summary>
internal sealed class AlertAuthenticator : IWebhookAuthenticator
{
    private const string Header = "Authorization";
    private readonly List<SharedSecretAuthenticator> _checks = [];

    public AlertAuthenticator(HealthOptions options)
    {
        foreach (string? token in (string?[])[options.AlertToken, options.PreviousAlertToken])
            if (token is not null)
                _checks.Add(new SharedSecretAuthenticator(Header, "Bearer " + token));
        if (options.AlertUserName is not null && options.AlertPassword is not null)
            _checks.Add(new SharedSecretAuthenticator(Header, "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.AlertUserName}:{options.AlertPassword}"))));
    }

    public bool IsAuthentic(in WebhookDelivery delivery)
    {
        bool authentic = false;
        foreach (var check in _checks) authentic |= check.IsAuthentic(delivery);
        return authentic;
    }
}
